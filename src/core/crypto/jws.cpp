#include "core/crypto/jws.hpp"

#include <array>
#include <boost/json.hpp>
#include <optional>

#include "core/crypto/digest.hpp"
#include "core/crypto/ed25519_key.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::core::crypto {
namespace {

namespace json = boost::json;

constexpr std::size_t kMinSecretBytes = 32;

struct Parts {
  std::string_view signing_input;  // header and claims as sent, with the dot
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
};

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Parts{.signing_input = token.substr(0, second),
               .header = token.substr(0, first),
               .claims = token.substr(first + 1, second - first - 1),
               .signature = token.substr(second + 1)};
}

std::optional<json::object> read_header(std::string_view encoded) {
  const auto text = from_base64url(encoded);
  if (!text) return std::nullopt;
  boost::system::error_code broken;
  json::value header = json::parse(*text, broken);
  if (broken || !header.is_object()) return std::nullopt;
  return std::move(header.get_object());
}

bool is_text(const json::value* value, std::string_view expected) {
  return value != nullptr && value->is_string() && std::string_view(value->get_string()) == expected;
}

std::unexpected<Error> not_a_jws(std::string what) {
  return fail(Errc::invalid_argument, "not a JWS in compact form: " + std::move(what));
}

}  // namespace

/// Exactly one of the two keys is set.
struct JwsSigner::State {
  std::string key_id;
  std::string_view algorithm;
  std::optional<HmacKey> secret;
  std::optional<Ed25519Key> key_pair;
  std::string encoded_header;

  void encode_header() {
    const json::object header{{"alg", algorithm}, {"kid", key_id}, {"typ", "JWT"}};
    encoded_header = to_base64url(json::serialize(header));
  }

  [[nodiscard]] std::string sign(std::string_view data) const {
    if (key_pair) return key_pair->sign(data);
    return std::string(as_bytes(secret->sign(std::span(&data, 1))));
  }

  [[nodiscard]] bool verify(std::string_view data, std::string_view signature) const {
    if (key_pair) return key_pair->verify(data, signature);
    return equal_constant_time(as_bytes(secret->sign(std::span(&data, 1))), signature);
  }

  /// Refuses a header that was not made for this key.
  [[nodiscard]] Status accept_header(const json::object& header) const {
    if (!is_text(header.if_contains("alg"), algorithm)) {
      return fail(Errc::unauthenticated, "the token's alg is not " + std::string(algorithm));
    }
    const json::value* kid = header.if_contains("kid");
    if (kid != nullptr && !is_text(kid, key_id)) {
      return fail(Errc::unauthenticated, "the token's kid names another key than '" + key_id + "'");
    }
    // RFC 7515 section 4.1.11: extensions that must be understood, and none is here.
    if (header.contains("crit")) return fail(Errc::unauthenticated, "the token's crit extensions are not supported");
    return {};
  }
};

JwsSigner::JwsSigner(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->encode_header();
}
JwsSigner::~JwsSigner() = default;
JwsSigner::JwsSigner(JwsSigner&&) noexcept = default;
JwsSigner& JwsSigner::operator=(JwsSigner&&) noexcept = default;

Result<JwsSigner> JwsSigner::hs256(std::string key_id, std::string secret) {
  if (secret.size() < kMinSecretBytes) {
    return fail(Errc::invalid_argument, "the secret for HS256 has " + std::to_string(secret.size()) +
                                            " bytes, at least " + std::to_string(kMinSecretBytes) + " are needed");
  }
  auto state = std::make_unique<State>();
  state->key_id = std::move(key_id);
  state->algorithm = "HS256";
  state->secret.emplace(secret);
  return JwsSigner(std::move(state));
}

Result<JwsSigner> JwsSigner::ed25519(std::string_view pem_or_path) {
  auto key = Ed25519Key::load(pem_or_path);
  if (!key) return std::unexpected(std::move(key.error()));
  auto state = std::make_unique<State>();
  state->key_id = key->thumbprint();
  state->algorithm = "EdDSA";
  state->key_pair = std::move(*key);
  return JwsSigner(std::move(state));
}

std::string JwsSigner::sign(std::string_view claims_json) const {
  std::string token = state_->encoded_header;
  token.append(".").append(to_base64url(claims_json));
  const std::string signature = state_->sign(token);
  return token.append(".").append(to_base64url(signature));
}

Result<std::string> JwsSigner::verify(std::string_view token) const {
  const auto parts = split(token);
  if (!parts) return not_a_jws("three parts with dots between them are needed");
  const auto header = read_header(parts->header);
  if (!header) return not_a_jws("the header is not base64url of a JSON object");
  auto claims = from_base64url(parts->claims);
  if (!claims) return not_a_jws("the claims are not base64url");
  const auto signature = from_base64url(parts->signature);
  if (!signature) return not_a_jws("the signature is not base64url");

  const Status accepted = state_->accept_header(*header);
  if (!accepted) return std::unexpected(accepted.error());
  if (!state_->verify(parts->signing_input, *signature)) {
    return fail(Errc::unauthenticated, "the token's signature does not match");
  }
  return std::move(*claims);
}

const std::string& JwsSigner::key_id() const {
  return state_->key_id;
}

std::string JwsSigner::jwks_json() const {
  json::array keys;
  if (state_->key_pair) {
    keys.push_back(json::object{{"kty", "OKP"},
                                {"crv", "Ed25519"},
                                {"x", to_base64url(state_->key_pair->public_key())},
                                {"kid", state_->key_id},
                                {"use", "sig"},
                                {"alg", state_->algorithm}});
  }
  return json::serialize(json::object{{"keys", std::move(keys)}});
}

}  // namespace liveops::core::crypto
