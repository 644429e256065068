#include "fairness/service.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstring>
#include <string>

#include "core/crypto/digest.hpp"

namespace liveops::fairness {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::seconds kRefreshEvery{10};
constexpr std::chrono::seconds kFollowEvery{1};  // what other replicas decided
constexpr std::chrono::seconds kRetryAfter{1};   // when the store or the bus was away

}  // namespace

Service::Service(const core::FairnessRules& rules, PlayerHasher::Seed seed, ports::VerdictStore& store,
                 ports::EventBus& bus, const core::Clock& clock, ports::Metrics& metrics, ports::Log& log)
    : clock_(clock),
      log_(log),
      seed_(seed),
      hasher_(seed),
      policy_(rules.policy_version),
      metrics_(metrics),
      engine_(rules),
      standings_(store, log),
      decisions_(store, metrics),
      publisher_(store, bus, log),
      guard_(engine_, hasher_, standings_, decisions_, policy_, clock, metrics_),
      moderation_(engine_, hasher_, standings_, store, policy_, clock),
      routes_(guard_, moderation_, engine_, hasher_, decisions_, store, clock) {}

PlayerHasher::Seed Service::random_seed() {
  const std::string bytes = core::crypto::random_bytes(sizeof(PlayerHasher::Seed));
  PlayerHasher::Seed seed;
  std::memcpy(&seed, bytes.data(), sizeof(seed));
  return seed;
}

ports::Task<void> Service::load() {
  co_return co_await standings_.load(clock_.now());
}

boost::asio::awaitable<void> Service::run() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!stopping_.load()) {
    co_await step();
    timer.expires_after(kTick);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  co_await flush();
}

boost::asio::awaitable<void> Service::step() {
  const core::Timestamp now = clock_.now();
  if (now - refreshed_at_ >= kRefreshEvery) {
    refreshed_at_ = now;
    engine_.refresh_population(now);
    standings_.expire(now);
    metrics_.players(engine_.players());
  }
  if (now - followed_at_ >= kFollowEvery) {
    followed_at_ = now;
    const auto followed = co_await moderation_.follow();
    if (!followed && !follow_failed_) {
      log_.warn("what other replicas decided is not known here for now: " + followed.error().message,
                {{"detail", followed.error().detail}});
    }
    follow_failed_ = !followed;
  }
  if (!flush_failed_ || now - flushed_at_ >= kRetryAfter) {
    flushed_at_ = now;
    co_await flush();
  }
}

boost::asio::awaitable<void> Service::flush() {
  const auto recorded = co_await decisions_.flush();
  const auto published = co_await publisher_.flush();
  const bool failed = !recorded || !published;
  if (failed && !flush_failed_) {
    const core::Error& error = recorded ? published.error() : recorded.error();
    log_.warn("decisions or changes of standing wait: " + error.message, {{"detail", error.detail}});
  }
  flush_failed_ = failed;
}

core::Status Service::write_checkpoint(const CheckpointSink& sink) {
  return fairness::write_checkpoint(engine_, {.seed = seed_, .taken_at = clock_.now(), .policy_version = policy_.get()},
                                    sink);
}

void Service::use_rules(const core::FairnessRules& rules) {
  engine_.use_rules(rules);
  policy_.set(rules.policy_version);
}

}  // namespace liveops::fairness
