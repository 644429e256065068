#include "apps/host/audit_keys.hpp"

#include "core/auth/key_ring.hpp"
#include "core/crypto/digest.hpp"

namespace liveops::apps {

namespace {

constexpr const char* kAuditPurpose = "liveops-guard audit v1";

}  // namespace

core::Result<std::vector<std::string>> audit_secrets(const adapters::config::Settings& settings) {
  const auto keys = core::auth::KeyRing::parse(settings.hmac_secret, settings.hmac_keys);
  if (!keys) return std::unexpected(keys.error());
  std::vector<std::string> secrets;
  for (const core::auth::SigningKey& key : keys->keys()) {
    const auto digest = core::crypto::hmac_sha256(key.secret, kAuditPurpose);
    secrets.emplace_back(core::crypto::as_bytes(digest));
  }
  return secrets;
}

}  // namespace liveops::apps
