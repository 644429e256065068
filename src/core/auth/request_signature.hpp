#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/auth/key_ring.hpp"
#include "core/error.hpp"
#include "core/http/message.hpp"
#include "core/time.hpp"

namespace liveops::core::auth {

/// Checks the two signing forms over the raw bytes as sent (docs: README "Signing").
///
/// 1. `X-Signature: sha256=<hex>` (bare hex too): HMAC-SHA256. With `X-Timestamp` it covers
///    `<timestamp>\n<METHOD>\n<path and query>\n<Idempotency-Key as sent, or empty>\n<body>`; without, the body alone,
///    taken only when `require_timestamp` is false. `X-Key-Id` picks the key; absent: every key is tried.
/// 2. Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64> ...` over
///    `<id>.<timestamp>.<body>`; any of the listed signatures under any key (or that of `X-Key-Id`) may match; versions
///    other than v1 are ignored. An id with a '.' is refused, as the specification forbids it.
///
/// When both are there, X-Signature decides. When several keys match, the first of the ring is named.
/// Complexity: one pass over the body per tried key.
/// Comparison is constant-time. Threads: any (const).
class SignatureVerifier {
 public:
  struct Options {
    bool require_timestamp = true;
    std::chrono::seconds tolerance{300};  // both ways
  };

  SignatureVerifier(KeyRing keys, Options options);
  ~SignatureVerifier();
  SignatureVerifier(const SignatureVerifier&) = delete;
  SignatureVerifier& operator=(const SignatureVerifier&) = delete;

  /// The id of the key that signed. Errors: `unauthenticated`, with a message that says which header is missing or
  /// wrong (never what the right value would be).
  [[nodiscard]] Result<KeyId> verify(const http::Request& request, Timestamp now) const;

  [[nodiscard]] const KeyRing& keys() const { return keys_; }

 private:
  struct PreparedKeys;  // HMAC states keyed once

  [[nodiscard]] Result<KeyId> verify_hex(const http::Request& request, Timestamp now) const;
  [[nodiscard]] Result<KeyId> verify_webhook(const http::Request& request, Timestamp now) const;
  /// The first key under which one of `signatures` is the MAC of `parts`; `mismatch` is the message when there is none.
  [[nodiscard]] Result<KeyId> match_key(const http::Request& request, std::span<const std::string_view> parts,
                                        std::span<const std::string> signatures, std::string_view mismatch) const;

  KeyRing keys_;
  Options options_;
  std::unique_ptr<PreparedKeys> prepared_;
};

/// The headers of form 1 with a timestamp, for clients (tools and tests).
struct SignedHeaders {
  std::string key_id;     // X-Key-Id
  std::string timestamp;  // X-Timestamp
  std::string signature;  // X-Signature
};
[[nodiscard]] SignedHeaders sign_request(const SigningKey& key, Timestamp now, std::string_view method,
                                         std::string_view target, std::string_view idempotency_key,
                                         std::string_view body);

/// The headers of form 2, for clients (tools and tests).
struct WebhookHeaders {
  std::string id;         // webhook-id
  std::string timestamp;  // webhook-timestamp
  std::string signature;  // webhook-signature
};
[[nodiscard]] WebhookHeaders standard_webhook_sign(const SigningKey& key, Timestamp now, std::string_view id,
                                                   std::string_view body);

}  // namespace liveops::core::auth
