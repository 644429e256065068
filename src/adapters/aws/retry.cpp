#include "adapters/aws/retry.hpp"

#include <algorithm>

namespace liveops::adapters::aws {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFirst{50};
constexpr milliseconds kFirstThrottled{1000};
constexpr milliseconds kCap{20'000};
constexpr unsigned kMostDoublings = 10;

}  // namespace

bool RetryBudget::take() {
  const std::lock_guard lock(mutex_);
  if (tokens_ < kRetryCost) return false;
  tokens_ -= kRetryCost;
  return true;
}

void RetryBudget::give_back(bool retried) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::min(kTokens, tokens_ + (retried ? kRetryCost : 1));
}

int RetryBudget::tokens() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

milliseconds Backoff::delay(unsigned failures, bool throttled) {
  const auto doublings = std::min(std::max(failures, 1U) - 1U, kMostDoublings);
  const auto most = std::min((throttled ? kFirstThrottled : kFirst) * (1U << doublings), kCap);
  const std::lock_guard lock(mutex_);
  return milliseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(random_));
}

}  // namespace liveops::adapters::aws
