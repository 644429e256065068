#include "fairness/service.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstring>
#include <iterator>
#include <string>

#include "core/crypto/digest.hpp"

namespace liveops::fairness {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::seconds kRefreshEvery{10};
constexpr std::chrono::seconds kFollowEvery{1};  // what other replicas decided
constexpr std::chrono::seconds kCountReviewsEvery{10};
constexpr std::chrono::seconds kRetryAfter{1};  // when the store or the bus was away

}  // namespace

Service::Service(const core::FairnessRules& rules, PlayerHasher::Seed seed, ports::VerdictStore& store,
                 ports::ReviewStore& reviews, ports::EventBus& bus, const core::Clock& clock, ports::Metrics& metrics,
                 ports::Log& log)
    : clock_(clock),
      log_(log),
      seed_(seed),
      hasher_(seed),
      policy_(rules.policy_version),
      texts_(rules.player_texts),
      metrics_(metrics),
      engine_(rules),
      standings_(store, log),
      moderation_(engine_, hasher_, standings_, store, policy_, clock),
      reviews_(reviews, moderation_, clock, metrics),
      decisions_(store, reviews_, metrics),
      publisher_(store, bus, log),
      guard_(engine_, hasher_, standings_, decisions_, policy_, texts_, clock, metrics_),
      routes_(guard_, moderation_, engine_, hasher_, decisions_, store, texts_, clock),
      review_routes_(reviews_, clock) {}

std::vector<ports::Route> Service::routes() {
  auto routes = routes_.routes();
  std::ranges::move(review_routes_.routes(), std::back_inserter(routes));
  return routes;
}

void Service::consult(async::SecondOpinion& opinion) {
  routes_.consult(opinion);
  moderation_.tell(opinion);
}

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
    co_await follow(now);
  }
  if (!flush_failed_ || now - flushed_at_ >= kRetryAfter) {
    flushed_at_ = now;
    co_await flush();
  }
}

boost::asio::awaitable<void> Service::follow(core::Timestamp now) {
  const auto followed = co_await moderation_.follow();
  if (!followed && !follow_failed_) {
    log_.warn("what other replicas decided is not known here for now: " + followed.error().message,
              {{"detail", followed.error().detail}});
  }
  follow_failed_ = !followed;
  auto reviewed = co_await reviews_.carry_out_left();
  if (reviewed && now - counted_at_ >= kCountReviewsEvery) {
    counted_at_ = now;
    reviewed = co_await reviews_.measure();
  }
  if (!reviewed && !reviews_failed_) {
    log_.warn("reviews wait: " + reviewed.error().message, {{"detail", reviewed.error().detail}});
  }
  reviews_failed_ = !reviewed;
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
  texts_.set(rules.player_texts);
}

}  // namespace liveops::fairness
