#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "fairness/async/second_opinion.hpp"
#include "fairness/checkpoint.hpp"
#include "fairness/decision_log.hpp"
#include "fairness/engine.hpp"
#include "fairness/guard.hpp"
#include "fairness/guard_metrics.hpp"
#include "fairness/moderation.hpp"
#include "fairness/player_key.hpp"
#include "fairness/player_texts.hpp"
#include "fairness/policy_name.hpp"
#include "fairness/review_desk.hpp"
#include "fairness/review_routes.hpp"
#include "fairness/routes.hpp"
#include "fairness/standings.hpp"
#include "fairness/verdict_publisher.hpp"
#include "ports/event_bus.hpp"
#include "ports/fairness_check.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/review_store.hpp"
#include "ports/route.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// All of fairness, put together.
///
/// Order: `load`, then `run` in the background and events, `stop`, and the end of `run` before this ends.
/// Threads: any, where not said otherwise.
class Service {
 public:
  Service(const core::FairnessRules& rules, PlayerHasher::Seed seed, ports::VerdictStore& store,
          ports::ReviewStore& reviews, ports::EventBus& bus, const core::Clock& clock, ports::Metrics& metrics,
          ports::Log& log);

  /// A seed that nobody can guess.
  [[nodiscard]] static PlayerHasher::Seed random_seed();

  /// Takes over the standings in force. Errors: `unavailable`, `corrupt`: do not serve then.
  [[nodiscard]] ports::Task<void> load();

  /// Writes decisions, publishes changes of standing, carries out reviews, takes over those of other replicas, sweeps
  /// and refreshes the population, until stopped; then writes and publishes what is left. Spawn once.
  [[nodiscard]] boost::asio::awaitable<void> run();
  /// `run` ends within a tenth of a second.
  void stop() { stopping_.store(true); }

  /// One step of `run`: what is due at the clock's time.
  [[nodiscard]] boost::asio::awaitable<void> step();

  [[nodiscard]] ports::FairnessCheck& check() { return guard_; }
  [[nodiscard]] std::vector<ports::Route> routes();
  [[nodiscard]] Standings& standings() { return standings_; }
  /// The slower tier, which outlives this: asked about players, and told whom an operator cleared. Before `routes`.
  void consult(async::SecondOpinion& opinion);
  [[nodiscard]] std::string policy_version() const { return policy_.get(); }

  /// Writes what was learnt of the players; see fairness::write_checkpoint. Threads: any but an event loop's.
  [[nodiscard]] core::Status write_checkpoint(const CheckpointSink& sink);
  /// Takes over what a checkpoint knows. Requires: this was made with its seed and has judged nothing yet.
  void restore(const Checkpoint& checkpoint) { checkpoint.restore(engine_); }

  /// From now on other rules (but for `max_players`). What was learnt and who is blocked stays.
  void use_rules(const core::FairnessRules& rules);

 private:
  [[nodiscard]] boost::asio::awaitable<void> flush();
  [[nodiscard]] boost::asio::awaitable<void> follow(core::Timestamp now);

  const core::Clock& clock_;
  ports::Log& log_;
  PlayerHasher::Seed seed_;
  PlayerHasher hasher_;
  PolicyName policy_;
  PlayerTexts texts_;
  GuardMetrics metrics_;
  Engine engine_;
  Standings standings_;
  Moderation moderation_;
  ReviewDesk reviews_;
  DecisionLog decisions_;
  VerdictPublisher publisher_;
  Guard guard_;
  Routes routes_;
  ReviewRoutes review_routes_;
  std::atomic<bool> stopping_{false};
  core::Timestamp refreshed_at_;
  core::Timestamp flushed_at_;
  core::Timestamp followed_at_;
  core::Timestamp counted_at_;
  bool flush_failed_ = false;
  bool follow_failed_ = false;
  bool reviews_failed_ = false;
};

}  // namespace liveops::fairness
