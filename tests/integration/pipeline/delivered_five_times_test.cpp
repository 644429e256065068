// Progression and the leaderboard behind one bus that hands every message out five times, in a random order.

#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "adapters/bus_inmem/event_bus.hpp"
#include "adapters/config/rules_file.hpp"
#include "adapters/memory/leaderboard/leases.hpp"
#include "adapters/memory/leaderboard/rank_index.hpp"
#include "adapters/memory/progression/progress_cache.hpp"
#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"
#include "adapters/store_sqlite/progression/progress_store.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "adapters/store_sqlite/progression/reward_store.hpp"
#include "leaderboard/leaderboard.hpp"
#include "progression/progression.hpp"
#include "runtime/batch_consumer.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops {
namespace {

constexpr int kPlayers = 40;
constexpr int kEvents = 2000;
constexpr int kTimes = 5;
constexpr const char* kSecret = "a secret of thirty-two bytes or more";

core::PlayerId player(int number) {
  return core::PlayerId::trusted("p" + std::to_string(number));
}

/// What the events promise, by player.
struct Promised {
  std::map<core::PlayerId, std::int64_t> xp;
  std::map<core::PlayerId, std::int64_t> best;
  std::map<core::PlayerId, std::int64_t> items;
};

core::Event random_event(int number, core::Timestamp now, std::mt19937& random, Promised& promised) {
  core::Event event;
  event.key_id = core::KeyId::trusted("k");
  event.id = core::EventId::derive(event.key_id, std::to_string(number));
  event.player_id = player(static_cast<int>(random() % kPlayers));
  event.occurred_at = now - std::chrono::milliseconds(random() % 60'000);
  event.received_at = now;
  event.payload_json = "{}";
  if (number % 4 == 0) {
    event.payload = core::DropClaimed{.drop_id = core::DropId::trusted("d" + std::to_string(number)),
                                      .item_id = core::ItemId::trusted("gem"),
                                      .quantity = 1 + static_cast<std::int64_t>(random() % 3),
                                      .rarity = std::nullopt};
    promised.items[event.player_id] += std::get<core::DropClaimed>(event.payload).quantity;
    event.payload_json = R"({"drop_id":"d)" + std::to_string(number) + R"(","item_id":"gem","quantity":)" +
                         std::to_string(std::get<core::DropClaimed>(event.payload).quantity) + "}";
    return event;
  }
  const core::Progression progression{.xp = 1 + static_cast<std::int64_t>(random() % 100),
                                      .score = static_cast<std::int64_t>(random() % 100'000)};
  promised.xp[event.player_id] += progression.xp;
  promised.best[event.player_id] = std::max(promised.best[event.player_id], *progression.score);
  event.payload_json =
      R"({"xp":)" + std::to_string(progression.xp) + R"(,"score":)" + std::to_string(*progression.score) + "}";
  event.payload = progression;
  return event;
}

/// Both services on one bus.
class Pipeline {
 public:
  Pipeline()
      : rules_(adapters::config::parse_rules(adapters::config::built_in_rules(), "built in").value()),
        bus_(clock_, {.deliver_times = kTimes, .shuffle_seed = 7}),
        database_(adapters::store_sqlite::progression::ProgressionDatabase::open(directory_.path()).value()),
        progress_(*database_),
        rewards_(*database_),
        cache_(1000),
        jws_(core::crypto::JwsSigner::hs256("r", kSecret).value()),
        signer_("test", jws_, kSecret),
        progression_(progression::GameBook::create(rules_).value(),
                     {progress_, rewards_, cache_, signer_, clock_, metrics_, log_}),
        boards_(adapters::store_sqlite::leaderboard::LeaderboardStore::open(directory_.path() / "leaderboard.db", {})
                    .value()),
        leaderboard_(leaderboard::BoardBook::create(rules_).value(), kSecret,
                     {boards_->standings(), boards_->snapshots(), boards_->visibility(), boards_->revisions(), index_,
                      leases_, clock_, metrics_, log_}) {}

  /// Publishes the events and runs both consumers until neither group has anything left.
  boost::asio::awaitable<void> run(std::vector<core::Envelope> envelopes) {
    EXPECT_TRUE((co_await leaderboard_.load()).has_value());
    auto first = (co_await bus_.open_consumer(ports::Topic::events, "progression")).value();
    auto second = (co_await bus_.open_consumer(ports::Topic::events, "leaderboard")).value();
    runtime::BatchConsumer progress(
        *first, [this](const std::vector<ports::Delivery>& batch) { return progression_.ingest().handle(batch); },
        {.group = "progression", .max_batch = 37}, log_, metrics_);
    runtime::BatchConsumer ranks(
        *second, [this](const std::vector<ports::Delivery>& batch) { return leaderboard_.ingest().handle(batch); },
        {.group = "leaderboard", .max_batch = 53}, log_, metrics_);
    EXPECT_TRUE((co_await bus_.publish(ports::Topic::events, std::move(envelopes))).has_value());
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (progress.run() && ranks.run() && stop_when_done(*first, *second, progress, ranks));
  }

  std::int64_t xp_of(const core::PlayerId& id) { return test::run(progress_.progress_of(id)).value().xp; }

  std::int64_t items_of(const core::PlayerId& id) {
    std::int64_t sum = 0;
    const auto items = test::run(progress_.inventory_of(id)).value();
    for (const auto& item : items) sum += item.quantity;
    return sum;
  }

  /// The scores of a board's window, by player.
  std::map<core::PlayerId, std::int64_t> standings(const char* board, core::Window window) {
    const auto table =
        leaderboard_.query().choose({.board = board, .window = std::string(to_string(window)), .period = std::nullopt});
    const auto view = test::run(leaderboard_.query().top(table.value(), 0, 1000));
    std::map<core::PlayerId, std::int64_t> scores;
    for (const auto& row : view.value().rows) scores[row.player] = row.score;
    return scores;
  }

  [[nodiscard]] core::Timestamp now() const { return clock_.now(); }
  [[nodiscard]] double consumed(const char* group) const {
    return metrics_.value(std::string("liveops_bus_consumed_total{group=") + group + "}");
  }

 private:
  boost::asio::awaitable<void> stop_when_done(ports::EventConsumer& first, ports::EventConsumer& second,
                                              runtime::BatchConsumer& progress, runtime::BatchConsumer& ranks) {
    auto executor = co_await boost::asio::this_coro::executor;
    while ((co_await first.backlog()).value().messages + (co_await second.backlog()).value().messages > 0) {
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
    progress.stop();
    ranks.stop();
  }

  test::TempDir directory_;
  test::ManualClock clock_{core::parse_rfc3339("2026-11-18T12:00:00Z").value()};
  test::RecordingMetrics metrics_;
  test::SilentLog log_;
  core::GameRules rules_;
  adapters::bus_inmem::EventBus bus_;
  std::unique_ptr<adapters::store_sqlite::progression::ProgressionDatabase> database_;
  adapters::store_sqlite::progression::ProgressStore progress_;
  adapters::store_sqlite::progression::RewardStore rewards_;
  adapters::memory::progression::ProgressCache cache_;
  core::crypto::JwsSigner jws_;
  core::ReceiptSigner signer_;
  progression::Progression progression_;
  std::unique_ptr<adapters::store_sqlite::leaderboard::LeaderboardStore> boards_;
  adapters::memory::RankIndex index_;
  adapters::memory::Leases leases_{clock_};
  leaderboard::Leaderboard leaderboard_;
};

TEST(Pipeline, EventsDeliveredFiveTimesOutOfOrderTakeEffectOnce) {
  Pipeline pipeline;
  std::mt19937 random(20261122);
  Promised promised;
  std::vector<core::Envelope> envelopes;
  for (int i = 0; i < kEvents; ++i) {
    envelopes.push_back(core::encode_event(random_event(i, pipeline.now(), random, promised)));
  }
  test::run(pipeline.run(std::move(envelopes)));

  EXPECT_GE(pipeline.consumed("progression"), kEvents * kTimes) << "the bus was not as nasty as it should be";
  EXPECT_GE(pipeline.consumed("leaderboard"), kEvents * kTimes);
  for (int i = 0; i < kPlayers; ++i) {
    EXPECT_EQ(pipeline.xp_of(player(i)), promised.xp[player(i)]);
    EXPECT_EQ(pipeline.items_of(player(i)), promised.items[player(i)]);
  }
  for (const auto window : {core::Window::daily, core::Window::weekly, core::Window::seasonal}) {
    EXPECT_EQ(pipeline.standings("xp", window), promised.xp);
    EXPECT_EQ(pipeline.standings("score", window), promised.best);
  }
}

}  // namespace
}  // namespace liveops
