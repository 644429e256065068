#include "core/auth/key_ring.hpp"

#include <algorithm>

#include "core/crypto/encoding.hpp"

namespace liveops::core::auth {
namespace {

constexpr std::string_view kDefaultKeyId = "default";
constexpr std::string_view kWebhookPrefix = "whsec_";

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// `where` names the setting in messages; the secret itself never appears in one.
Result<std::string> read_secret(std::string_view text, const std::string& where) {
  std::string secret(text);
  if (text.starts_with(kWebhookPrefix)) {
    auto decoded = crypto::from_base64(text.substr(kWebhookPrefix.size()));
    if (!decoded) return fail(Errc::invalid_argument, where + ": what follows whsec_ is not base64");
    secret = std::move(*decoded);
  }
  if (secret.size() < kMinSecretBytes) {
    return fail(Errc::invalid_argument, where + ": the secret has " + std::to_string(secret.size()) +
                                            " bytes, at least " + std::to_string(kMinSecretBytes) +
                                            " are needed (make one with: openssl rand -hex 32)");
  }
  return secret;
}

Status add_key(std::vector<SigningKey>& keys, KeyId id, std::string_view secret_text, const std::string& where) {
  if (std::ranges::find(keys, id, &SigningKey::id) != keys.end()) {
    return fail(Errc::invalid_argument, where + ": the key id '" + id.str() + "' is there twice");
  }
  auto secret = read_secret(secret_text, where);
  if (!secret) return std::unexpected(std::move(secret.error()));
  keys.push_back({std::move(id), std::move(*secret)});
  return {};
}

/// One "id:secret" of HMAC_KEYS.
Status add_entry(std::vector<SigningKey>& keys, std::string_view entry, std::size_t number) {
  const std::string where = "HMAC_KEYS, entry " + std::to_string(number);
  const std::size_t colon = entry.find(':');
  if (colon == std::string_view::npos) return fail(Errc::invalid_argument, where + ": must be id:secret");
  auto id = KeyId::parse(trim(entry.substr(0, colon)));
  if (!id) return fail(Errc::invalid_argument, where + ": the key id " + id.error().message);
  return add_key(keys, std::move(*id), trim(entry.substr(colon + 1)), where);
}

}  // namespace

Result<KeyRing> KeyRing::parse(std::string_view hmac_secret, std::string_view hmac_keys) {
  std::vector<SigningKey> keys;
  if (const auto secret = trim(hmac_secret); !secret.empty()) {
    const Status added = add_key(keys, KeyId::trusted(std::string(kDefaultKeyId)), secret, "HMAC_SECRET");
    if (!added) return std::unexpected(added.error());
  }
  std::string_view rest = trim(hmac_keys);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view entry = rest.substr(0, rest.find(','));
    const Status added = add_entry(keys, trim(entry), number);
    if (!added) return std::unexpected(added.error());
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
  }
  if (keys.empty()) {
    return fail(Errc::invalid_argument,
                "no signing key: set HMAC_SECRET (at least 32 bytes) or HMAC_KEYS (id:secret,id2:secret2)");
  }
  return KeyRing(std::move(keys));
}

const SigningKey* KeyRing::find(std::string_view id) const {
  const auto at = std::ranges::find_if(keys_, [id](const SigningKey& key) { return key.id.str() == id; });
  return at == keys_.end() ? nullptr : &*at;
}

}  // namespace liveops::core::auth
