#pragma once

#include <string>

#include "adapters/config/settings.hpp"
#include "core/crypto/jws.hpp"
#include "core/error.hpp"

namespace liveops::apps {

/// RECEIPT_SECRET, or what is derived from the first signing key when that is not set: hex of HMAC-SHA256(key,
/// "liveops-guard receipts v1"). Errors: as KeyRing::parse.
[[nodiscard]] core::Result<std::string> receipt_secret(const adapters::config::Settings& settings);

/// EdDSA with RECEIPT_PRIVATE_KEY, else HS256 with `receipt_secret`. Errors: one line that names the variable.
[[nodiscard]] core::Result<core::crypto::JwsSigner> receipt_signer(const adapters::config::Settings& settings);

}  // namespace liveops::apps
