#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/http/message.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::gateway {

/// What the bucket said of one request.
struct RateDecision {
  bool allowed = true;
  std::uint64_t remaining = 0;     // events that would pass now
  std::uint32_t wait_seconds = 0;  // until this request (refused) or one more event (allowed) finds quota
};

/// Token bucket per signing key: `burst` events at once, refilled at `events_per_second`.
///
/// Keeps at most `max_keys` buckets. At the bound the key that was idle the longest is forgotten, which gives it a full
/// bucket again: the bound is for keys that come and go with rotations, not for clients, who cannot make keys.
/// Threads: any.
class RateLimiter {
 public:
  struct Options {
    double events_per_second = 50'000;
    std::uint64_t burst = 100'000;
    std::size_t max_keys = 1024;
  };

  /// Requires: events_per_second > 0, burst >= 1, max_keys >= 1.
  explicit RateLimiter(Options options);

  /// Takes `events` tokens from the bucket of `key`, or none when there are not enough.
  [[nodiscard]] RateDecision take(const core::KeyId& key, std::uint64_t events, core::Timestamp now);

  /// The bucket of `key` as it is, for answers to requests that were not charged.
  [[nodiscard]] RateDecision peek(const core::KeyId& key, core::Timestamp now);

  /// Adds RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10). The policy's quota `q` is the
  /// burst, its window `w` the seconds in which an empty bucket fills.
  void describe(const RateDecision& decision, core::http::Response& response) const;

  [[nodiscard]] std::uint64_t burst() const { return options_.burst; }

 private:
  struct Bucket {
    double tokens = 0;
    core::Timestamp at;
  };
  struct Hash {
    std::size_t operator()(const core::KeyId& key) const { return std::hash<std::string>{}(key.str()); }
  };

  Bucket& refilled(const core::KeyId& key, core::Timestamp now);
  void forget_longest_idle();
  [[nodiscard]] std::uint32_t seconds_for(double tokens) const;

  Options options_;
  std::string policy_header_;
  std::mutex mutex_;
  std::unordered_map<core::KeyId, Bucket, Hash> buckets_;
};

}  // namespace liveops::gateway
