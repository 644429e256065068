#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/async_rules.hpp"
#include "core/time.hpp"
#include "fairness/async/analyst.hpp"
#include "fairness/async/second_opinion.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/review_store.hpp"
#include "ports/verdict_store.hpp"
#include "runtime/batch_consumer.hpp"

namespace liveops::fairness::async {

/// The slower tier as a part of the service: feeds the analyst from the bus and turns what it finds into decisions and
/// review cases, by the same stores as those of the inline tier.
///
/// A batch is acked when its events are counted and what was found is stored. After a crash, events that were counted
/// but not acked come again: those that the checkpoint knows are told by their ids, the others are new to it. Events
/// that were acked after the last checkpoint are missing: a quarter of a minute of statistics, nothing else.
///
/// The analyst works on a thread of its own, so that no check waits for it.
/// Metrics: liveops_fairness_async_events_total{outcome}, _findings_total{check,proposal}, _players, _bytes,
/// _review_list, _lag_seconds. Threads: any; one `handle` and one `step` at a time.
class Tier final : public SecondOpinion {
 public:
  static constexpr std::string_view kGroup = "fairness";

  struct With {
    ports::VerdictStore& verdicts;
    ports::ReviewStore& reviews;
    const core::Clock& clock;
    ports::Metrics& metrics;
    ports::Log& log;
  };
  /// `policy` gives the version in force.
  Tier(const core::AsyncRules& rules, Analyst::KeyOf key_of, std::function<std::string()> policy, With with);
  ~Tier() override;

  /// For the consumer group. Where the rules have the slower tier off, events are let go unread. Errors: `unavailable`
  /// (the stores are away: the batch comes again, and is not counted twice).
  [[nodiscard]] ports::Task<std::vector<runtime::Poison>> handle(const std::vector<ports::Delivery>& batch);

  /// Ends sessions where the stream pauses, and measures. Call it every second.
  [[nodiscard]] boost::asio::awaitable<void> step();

  [[nodiscard]] ports::Task<std::optional<Dossier>> of(core::PlayerId player) override;
  void pardon(core::PlayerId player) override;

  void use_rules(const core::AsyncRules& rules);

  /// Writes what was learnt. Threads: any but an event loop's; the analyst waits meanwhile.
  [[nodiscard]] core::Status write_checkpoint(const Analyst::Sink& sink);
  /// Takes over what was learnt before, where it can be read; else one line in the log says why not.
  void restore(std::string_view bytes);

 private:
  struct Found {
    std::vector<Finding> findings;
    std::vector<ReviewEntry> listed;  // new on the review list
    core::Timestamp at;
  };

  [[nodiscard]] ports::Task<void> observe(const std::vector<const core::Event*>& events);
  [[nodiscard]] ports::Task<std::optional<Dossier>> explain(core::PlayerId player);
  [[nodiscard]] boost::asio::awaitable<void> pass_time(core::Timestamp now);
  void carry_out_pardons();
  void gather();
  [[nodiscard]] ports::Task<void> deliver();
  void count(const Found& found);
  void measure();

  With with_;
  std::function<std::string()> policy_;
  std::mutex mutex_;  // of the four below; held for long, so never taken on an event loop
  Analyst analyst_;
  bool enabled_;
  std::unordered_set<std::string> on_list_;  // players of the latest review list
  core::Timestamp list_at_;
  core::Timestamp heard_at_;  // of the latest batch, by the clock
  std::mutex waiting_mutex_;  // of the two below
  Found found_;               // not stored yet
  std::vector<core::PlayerId> pardoned_;
  std::array<std::uint64_t, 3> counted_{};
  std::array<ports::Counter*, 3> events_{};
  std::array<std::array<ports::Counter*, 3>, kChecks> findings_{};
  ports::Gauge& players_;
  ports::Gauge& bytes_;
  ports::Gauge& listed_;
  ports::Gauge& lag_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace liveops::fairness::async
