#include "apps/host/receipt_keys.hpp"

#include "core/auth/key_ring.hpp"
#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::apps {

namespace {

constexpr const char* kReceiptKeyId = "receipts-1";
constexpr const char* kReceiptPurpose = "liveops-guard receipts v1";

}  // namespace

core::Result<std::string> receipt_secret(const adapters::config::Settings& settings) {
  if (!settings.receipt_secret.empty()) return settings.receipt_secret;
  const auto keys = core::auth::KeyRing::parse(settings.hmac_secret, settings.hmac_keys);
  if (!keys) return std::unexpected(keys.error());
  const auto digest = core::crypto::hmac_sha256(keys->keys().front().secret, kReceiptPurpose);
  return core::crypto::to_hex(core::crypto::as_bytes(digest));
}

core::Result<core::crypto::JwsSigner> receipt_signer(const adapters::config::Settings& settings) {
  if (!settings.receipt_private_key.empty()) {
    auto signer = core::crypto::JwsSigner::ed25519(settings.receipt_private_key);
    if (!signer) return core::fail(signer.error().code, "RECEIPT_PRIVATE_KEY: " + signer.error().message);
    return signer;
  }
  auto secret = receipt_secret(settings);
  if (!secret) return std::unexpected(secret.error());
  return core::crypto::JwsSigner::hs256(kReceiptKeyId, std::move(*secret));
}

}  // namespace liveops::apps
