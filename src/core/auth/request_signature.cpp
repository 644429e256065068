#include "core/auth/request_signature.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::core::auth {
namespace {

using crypto::Sha256Digest;

constexpr std::string_view kHexPrefix = "sha256=";
constexpr std::string_view kWebhookVersion = "v1,";
constexpr std::size_t kMaxTimestampDigits = 12;

std::unexpected<Error> refuse(std::string message) {
  return fail(Errc::unauthenticated, std::move(message));
}

std::int64_t unix_seconds(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

Status check_timestamp(std::string_view header, std::string_view text, Timestamp now, std::chrono::seconds tolerance) {
  std::int64_t sent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sent);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || sent < 0 || text.size() > kMaxTimestampDigits) {
    return refuse(std::string(header) + " must be a Unix time in whole seconds");
  }
  const std::int64_t off = unix_seconds(now) - sent;
  if (off > tolerance.count() || off < -tolerance.count()) {
    return refuse(std::string(header) + " is more than " + std::to_string(tolerance.count()) +
                  " s off this server's clock: sign the request again, and check the sender's clock");
  }
  return {};
}

/// Bytes of a hex signature, with or without its prefix.
std::optional<std::string> read_hex_signature(std::string_view text) {
  if (text.size() >= kHexPrefix.size() && http::equals_ignore_case(text.substr(0, kHexPrefix.size()), kHexPrefix)) {
    text.remove_prefix(kHexPrefix.size());
  }
  if (text.size() != 2 * std::tuple_size_v<Sha256Digest>) return std::nullopt;
  return crypto::from_hex(text);
}

/// The readable v1 signatures of a webhook-signature header.
std::vector<std::string> read_webhook_signatures(std::string_view list) {
  std::vector<std::string> signatures;
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    if (!item.starts_with(kWebhookVersion)) continue;
    auto bytes = crypto::from_base64(item.substr(kWebhookVersion.size()));
    if (bytes && bytes->size() == std::tuple_size_v<Sha256Digest>) signatures.push_back(std::move(*bytes));
  }
  return signatures;
}

bool matches_any(const Sha256Digest& mac, std::span<const std::string> signatures) {
  bool matched = false;
  for (const std::string& signature : signatures) {
    matched |= crypto::equal_constant_time(crypto::as_bytes(mac), signature);
  }
  return matched;
}

/// What the timestamped X-Signature covers.
std::array<std::string_view, 9> canonical_parts(std::string_view timestamp, std::string_view method,
                                                std::string_view target, std::string_view idempotency_key,
                                                std::string_view body) {
  return {timestamp, "\n", method, "\n", target, "\n", idempotency_key, "\n", body};
}

}  // namespace

/// One HMAC state per key of the ring, in its order.
struct SignatureVerifier::PreparedKeys {
  std::vector<crypto::HmacKey> keys;
};

SignatureVerifier::SignatureVerifier(KeyRing keys, Options options)
    : keys_(std::move(keys)), options_(options), prepared_(std::make_unique<PreparedKeys>()) {
  for (const SigningKey& key : keys_.keys()) prepared_->keys.emplace_back(key.secret);
}

SignatureVerifier::~SignatureVerifier() = default;

Result<KeyId> SignatureVerifier::verify(const http::Request& request, Timestamp now) const {
  if (request.has_header("X-Signature")) return verify_hex(request, now);
  if (request.has_header("webhook-signature")) return verify_webhook(request, now);
  return refuse(
      "the request is not signed: send X-Signature with X-Timestamp, or webhook-signature with webhook-id and "
      "webhook-timestamp");
}

Result<KeyId> SignatureVerifier::verify_hex(const http::Request& request, Timestamp now) const {
  const auto signature = read_hex_signature(request.header("X-Signature"));
  if (!signature) return refuse("X-Signature must be 'sha256=' and 64 hex digits (HMAC-SHA256)");
  const std::span signatures(&*signature, 1);

  if (!request.has_header("X-Timestamp")) {
    if (options_.require_timestamp) return refuse("X-Timestamp is missing: this server takes no signature without it");
    return match_key(request, std::span(&request.body, 1), signatures,
                     "X-Signature does not match the body: sign its raw bytes as sent");
  }
  const std::string_view timestamp = request.header("X-Timestamp");
  const Status fresh = check_timestamp("X-Timestamp", timestamp, now, options_.tolerance);
  if (!fresh) return std::unexpected(fresh.error());
  const auto parts =
      canonical_parts(timestamp, request.method, request.target, request.header("Idempotency-Key"), request.body);
  return match_key(request, parts, signatures,
                   "X-Signature does not match: with X-Timestamp it covers "
                   "<timestamp>\\n<METHOD>\\n<path and query>\\n<Idempotency-Key or empty>\\n<raw body>");
}

Result<KeyId> SignatureVerifier::verify_webhook(const http::Request& request, Timestamp now) const {
  const std::string_view id = request.header("webhook-id");
  if (id.empty()) return refuse("webhook-id is missing");
  if (id.contains('.')) return refuse("webhook-id must not contain '.'");
  if (!request.has_header("webhook-timestamp")) return refuse("webhook-timestamp is missing");
  const std::string_view timestamp = request.header("webhook-timestamp");
  const Status fresh = check_timestamp("webhook-timestamp", timestamp, now, options_.tolerance);
  if (!fresh) return std::unexpected(fresh.error());

  const auto signatures = read_webhook_signatures(request.header("webhook-signature"));
  if (signatures.empty()) {
    return refuse("webhook-signature holds no signature of the form v1,<base64 of 32 bytes> (HMAC-SHA256)");
  }
  const std::array<std::string_view, 5> parts{id, ".", timestamp, ".", request.body};
  return match_key(request, parts, signatures,
                   "webhook-signature does not match: it covers <webhook-id>.<webhook-timestamp>.<raw body>");
}

Result<KeyId> SignatureVerifier::match_key(const http::Request& request, std::span<const std::string_view> parts,
                                           std::span<const std::string> signatures, std::string_view mismatch) const {
  const bool chosen = request.has_header("X-Key-Id");
  const std::string_view chosen_id = request.header("X-Key-Id");
  bool known = false;
  for (std::size_t i = 0; i < prepared_->keys.size(); ++i) {
    const KeyId& id = keys_.keys()[i].id;
    if (chosen && id.str() != chosen_id) continue;
    known = true;
    if (matches_any(prepared_->keys[i].sign(parts), signatures)) return id;
  }
  if (chosen && !known) return refuse("X-Key-Id names no key that is valid now");
  return refuse(std::string(mismatch));
}

SignedHeaders sign_request(const SigningKey& key, Timestamp now, std::string_view method, std::string_view target,
                           std::string_view idempotency_key, std::string_view body) {
  SignedHeaders headers{.key_id = key.id.str(), .timestamp = std::to_string(unix_seconds(now)), .signature = {}};
  const auto parts = canonical_parts(headers.timestamp, method, target, idempotency_key, body);
  const auto mac = crypto::HmacKey(key.secret).sign(parts);
  headers.signature = std::string(kHexPrefix) + crypto::to_hex(crypto::as_bytes(mac));
  return headers;
}

WebhookHeaders standard_webhook_sign(const SigningKey& key, Timestamp now, std::string_view id, std::string_view body) {
  WebhookHeaders headers{.id = std::string(id), .timestamp = std::to_string(unix_seconds(now)), .signature = {}};
  const std::array<std::string_view, 5> parts{headers.id, ".", headers.timestamp, ".", body};
  const auto mac = crypto::HmacKey(key.secret).sign(parts);
  headers.signature = std::string(kWebhookVersion) + crypto::to_base64(crypto::as_bytes(mac));
  return headers;
}

}  // namespace liveops::core::auth
