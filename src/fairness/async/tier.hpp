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
#include "ports/checkpoint_store.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/review_store.hpp"
#include "ports/verdict_store.hpp"
#include "ports/write_ahead_log.hpp"
#include "runtime/batch_consumer.hpp"
#include "runtime/signal.hpp"

namespace liveops::fairness::async {

/// The slower tier as a part of the service: feeds the analyst from the bus and turns what it finds into decisions,
/// review cases and quarantines, by the same stores as those of the inline tier.
///
/// A batch is acked when it is written ahead, its events are counted and what was found is stored. After a crash the
/// latest checkpoint and what was written ahead since give back what was known; what was not acked comes again and is
/// told by its ids. So every event counts once, whenever the process is killed. Where nothing can be written (a full
/// disk), the stream is read all the same: a crash then costs what came since the checkpoint.
///
/// The analyst works on a thread of its own, so that no check waits for it.
/// Metrics: liveops_fairness_async_events_total{outcome}, _findings_total{check,proposal}, _players, _bytes,
/// _review_list, _lag_seconds, _not_written_ahead_total. Threads: any; one `handle`, one `step` and one of `save` and
/// `load` at a time.
class Tier final : public SecondOpinion {
 public:
  static constexpr std::string_view kGroup = "fairness";

  /// As VerdictStore::put, by way of the standings that the inline tier goes by.
  using ChangeStandings =
      std::function<ports::Task<std::vector<ports::PlayerStanding>>(std::vector<ports::StandingRequest>)>;

  struct With {
    ports::VerdictStore& verdicts;
    ChangeStandings change_standings;
    ports::ReviewStore& reviews;
    ports::WriteAheadLog& ahead;
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

  /// Keeps what was learnt, once what was found is stored. The analyst waits while it is copied. Errors: those of
  /// `store` and of the stores.
  [[nodiscard]] ports::Task<void> save(ports::CheckpointStore& store);
  /// Takes over what was kept and what was written ahead since, by whomever; what of it cannot be read is missing, and
  /// one line in the log says why.
  [[nodiscard]] boost::asio::awaitable<void> load(ports::CheckpointStore& store);

 private:
  struct Found {
    std::vector<Finding> findings;
    std::vector<ReviewEntry> listed;  // new on the review list
    core::Timestamp at;
  };

  [[nodiscard]] ports::Task<void> observe(const std::vector<ports::Delivery>& batch,
                                          const std::vector<const core::Event*>& events);
  [[nodiscard]] ports::Task<std::optional<Dossier>> explain(core::PlayerId player);
  [[nodiscard]] boost::asio::awaitable<void> pass_time(core::Timestamp now);
  void carry_out_pardons();
  void write_ahead(const std::string& record);
  [[nodiscard]] core::Status write_checkpoint(const Analyst::Sink& sink);
  [[nodiscard]] boost::asio::awaitable<void> drop_what_is_kept();
  [[nodiscard]] boost::asio::awaitable<void> take_over(ports::CheckpointStore& store);
  [[nodiscard]] std::uint64_t restore(ports::CheckpointStore& store);
  [[nodiscard]] std::uint64_t replay(std::uint64_t part);
  void gather();
  [[nodiscard]] ports::Task<void> deliver();
  [[nodiscard]] boost::asio::awaitable<Found> begin_delivery();
  void end_delivery(const Found& found, bool stored);
  [[nodiscard]] ports::Task<void> store(const Found& found);
  [[nodiscard]] ports::Task<void> quarantine(const std::vector<Finding>& findings, const std::string& policy);
  [[nodiscard]] bool something_waits();
  void count(const Found& found);
  void measure();

  With with_;
  std::function<std::string()> policy_;
  std::mutex mutex_;  // of what follows, up to the other mutex; held for long, so never taken on an event loop
  Analyst analyst_;
  bool enabled_;
  std::unordered_set<std::string> on_list_;  // players of the latest review list
  core::Timestamp list_at_;
  core::Timestamp heard_at_;   // of the latest batch, by the clock
  std::uint64_t part_ = 0;     // that the latest checkpoint began
  bool ahead_failed_ = false;  // what came last could not be written ahead
  std::mutex waiting_mutex_;   // of the three below
  Found found_;                // not stored yet
  bool delivering_ = false;
  std::vector<core::PlayerId> pardoned_;
  std::array<std::uint64_t, 3> counted_{};
  std::array<ports::Counter*, 3> events_{};
  std::array<std::array<ports::Counter*, kProposals>, kChecks> findings_{};
  ports::Gauge& players_;
  ports::Gauge& bytes_;
  ports::Gauge& listed_;
  ports::Gauge& lag_;
  ports::Counter& not_written_ahead_;
  runtime::Signal delivered_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace liveops::fairness::async
