#include "gateway/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::gateway {

namespace {
constexpr std::string_view kPolicyName = "\"events\"";
}

RateLimiter::RateLimiter(Options options) : options_(options) {
  const auto window = seconds_for(static_cast<double>(options_.burst));
  policy_header_ = std::string(kPolicyName) + ";q=" + std::to_string(options_.burst) + ";w=" + std::to_string(window);
}

RateDecision RateLimiter::take(const core::KeyId& key, std::uint64_t events, core::Timestamp now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = refilled(key, now);
  const auto cost = static_cast<double>(events);
  if (bucket.tokens < cost) {
    return {.allowed = false,
            .remaining = static_cast<std::uint64_t>(bucket.tokens),
            .wait_seconds = seconds_for(cost - bucket.tokens)};
  }
  bucket.tokens -= cost;
  return {.allowed = true, .remaining = static_cast<std::uint64_t>(bucket.tokens), .wait_seconds = seconds_for(1)};
}

RateDecision RateLimiter::peek(const core::KeyId& key, core::Timestamp now) {
  return take(key, 0, now);
}

void RateLimiter::describe(const RateDecision& decision, core::http::Response& response) const {
  response.with("RateLimit-Policy", policy_header_);
  response.with("RateLimit", std::string(kPolicyName) + ";r=" + std::to_string(decision.remaining) +
                                 ";t=" + std::to_string(decision.wait_seconds));
}

RateLimiter::Bucket& RateLimiter::refilled(const core::KeyId& key, core::Timestamp now) {
  const auto full = static_cast<double>(options_.burst);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= options_.max_keys) forget_longest_idle();
    return buckets_.emplace(key, Bucket{full, now}).first->second;
  }
  Bucket& bucket = found->second;
  // A clock that was set back gives nothing and costs nothing.
  const auto elapsed = std::max(std::chrono::duration<double>(now - bucket.at).count(), 0.0);
  bucket.tokens = std::min(full, bucket.tokens + elapsed * options_.events_per_second);
  bucket.at = now;
  return bucket;
}

void RateLimiter::forget_longest_idle() {
  const auto oldest = std::min_element(buckets_.begin(), buckets_.end(),
                                       [](const auto& a, const auto& b) { return a.second.at < b.second.at; });
  if (oldest != buckets_.end()) buckets_.erase(oldest);
}

std::uint32_t RateLimiter::seconds_for(double tokens) const {
  constexpr double kLongest = 86'400;
  return static_cast<std::uint32_t>(std::clamp(std::ceil(tokens / options_.events_per_second), 1.0, kLongest));
}

}  // namespace liveops::gateway
