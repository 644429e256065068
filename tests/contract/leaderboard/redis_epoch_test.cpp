#include <gtest/gtest.h>

#include <functional>

#include "adapters/redis/leaderboard/rank_index.hpp"
#include "tests/contract/leaderboard/redis_connection.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using adapters::redis::leaderboard::RankIndex;
using core::Errc;
using ports::IndexState;
using test::run;

const core::StandingsId kTable{core::BoardId::trusted("score"), core::Window::daily, "2026-11-22"};
const core::StandingsId kOther{core::BoardId::trusted("score"), core::Window::weekly, "2026-11-16"};

core::PlayerId player(const std::string& name) {
  return core::PlayerId::trusted(name);
}

std::vector<ports::RankEntries> entry(const std::string& name, std::int64_t key,
                                      const core::StandingsId& table = kTable) {
  return {{table, {{player(name), key, core::Timestamp(std::chrono::microseconds(key)), 1}}}};
}

void load(RankIndex& index) {
  ASSERT_TRUE(run(index.begin_load()));
  ASSERT_TRUE(run(index.finish_load()));
}

/// Lets something else happen before one of the commands that go through it.
class InterruptedClient final : public adapters::redis::Client {
 public:
  explicit InterruptedClient(adapters::redis::Client& inner) : inner_(inner) {}
  /// Before the `number`-th command from now (from 0).
  void interrupt(int number, std::function<void()> what) {
    left_ = number;
    what_ = std::move(what);
  }

  ports::Task<adapters::redis::Reply> run(adapters::redis::Command command) override {
    if (left_-- == 0) what_();
    co_return co_await inner_.run(std::move(command));
  }
  ports::Task<std::vector<core::Result<adapters::redis::Reply>>> run_all(
      std::vector<adapters::redis::Command> commands) override {
    return inner_.run_all(std::move(commands));
  }
  ports::Task<adapters::redis::Reply> run_blocking(adapters::redis::Command command,
                                                   std::chrono::milliseconds wait) override {
    return inner_.run_blocking(std::move(command), wait);
  }
  ports::Task<void> check() override { return inner_.check(); }
  [[nodiscard]] std::uint64_t connections() const override { return inner_.connections(); }

 private:
  adapters::redis::Client& inner_;
  int left_ = -1;
  std::function<void()> what_;
};

/// Two replicas on a server of their own, for it loses what others need.
class RedisEpoch : public ::testing::Test {
 protected:
  void SetUp() override {
    load(one);
    ASSERT_TRUE(run(one.put(entry("a", 5))));
    ASSERT_EQ(run(one.top(kTable, 0, 9)).value().total, 1U);
  }
  void expect_lost(RankIndex& index) {
    EXPECT_EQ(run(index.top(kTable, 0, 9)).error().code, Errc::unavailable);
    EXPECT_EQ(run(index.top(kOther, 0, 9)).error().code, Errc::unavailable);
    EXPECT_EQ(run(index.around(kTable, player("a"), 1)).error().code, Errc::unavailable);
    EXPECT_EQ(run(index.ranks_of(kTable, {player("a")})).error().code, Errc::unavailable);
    EXPECT_EQ(run(index.put(entry("b", 7))).error().code, Errc::unavailable);
    EXPECT_EQ(run(index.state()).value(), IndexState::lost);
  }

  test::RedisServer server;
  contract::RedisConnection connection{server.url()};
  RankIndex one{connection.client()};
  RankIndex two{connection.client()};
};

TEST_F(RedisEpoch, EmptiedServerIsNoticedByTheFirstCall) {
  server.flush_all();
  expect_lost(one);
}

TEST_F(RedisEpoch, EmptiedServerIsNoticedAlsoWhereNothingWasReadBefore) {
  ASSERT_EQ(run(two.state()).value(), IndexState::complete);
  server.flush_all();
  expect_lost(two);
}

TEST_F(RedisEpoch, PutAfterALossDoesNotMakeATableReadable) {
  ASSERT_EQ(run(two.state()).value(), IndexState::complete);
  server.flush_all();
  EXPECT_EQ(run(two.put(entry("b", 7))).error().code, Errc::unavailable);
  EXPECT_EQ(run(two.put(entry("b", 7, kOther))).error().code, Errc::unavailable);
  expect_lost(one);
}

TEST_F(RedisEpoch, OldCopyIsNoticed) {
  server.command({"SAVE"});
  ASSERT_TRUE(run(one.put(entry("b", 7))));
  server.kill();
  EXPECT_EQ(run(one.top(kTable, 0, 9)).error().code, Errc::unavailable);
  server.restart();
  connection.await();
  EXPECT_EQ(server.command({"ZCARD", "lb:{score:daily:2026-11-22}"}), "1") << "the copy is from before b";
  expect_lost(one);
  expect_lost(two);
}

TEST_F(RedisEpoch, LoadAfterALossServesAgainAndLeavesNothingOfTheOldCopy) {
  ASSERT_TRUE(run(one.put(entry("old", 9))));
  server.command({"SAVE"});
  server.restart();
  connection.await();
  ASSERT_TRUE(run(one.begin_load()));
  EXPECT_EQ(run(two.state()).value(), IndexState::loading);
  ASSERT_TRUE(run(one.begin_rebuild(kTable)));
  ASSERT_TRUE(run(two.put(entry("b", 7))));
  ASSERT_TRUE(run(one.put_rebuild(entry("a", 5).front())));
  ASSERT_TRUE(run(one.finish_rebuild(kTable)));
  EXPECT_EQ(run(two.top(kTable, 0, 9)).error().code, Errc::unavailable);
  ASSERT_TRUE(run(one.finish_load()));
  for (auto* index : {&one, &two}) {
    const auto page = run(index->top(kTable, 0, 9)).value();
    ASSERT_EQ(page.total, 2U);
    EXPECT_EQ(page.entries[0].player, player("b"));
    EXPECT_EQ(page.entries[1].player, player("a"));
  }
}

TEST_F(RedisEpoch, ReadThatBeganBeforeALoadWasDoneDoesNotTakeItsHalvesForTheWhole) {
  InterruptedClient client(connection.client());
  RankIndex reader(client);
  ASSERT_EQ(run(reader.top(kTable, 0, 9)).value().total, 1U);
  server.flush_all();
  ASSERT_TRUE(run(one.begin_load()));
  ASSERT_TRUE(run(one.begin_rebuild(kTable)));
  ASSERT_TRUE(run(one.put_rebuild(entry("a", 5).front())));
  // The reader has seen a table that is still empty, and asks what this means.
  client.interrupt(1, [this] {
    ASSERT_TRUE(run(one.finish_rebuild(kTable)));
    ASSERT_TRUE(run(one.finish_load()));
  });
  EXPECT_EQ(run(reader.top(kTable, 0, 9)).value().total, 1U);
}

TEST_F(RedisEpoch, LossBetweenAnyTwoCommandsOfACallGivesNoWrongAnswer) {
  InterruptedClient client(connection.client());
  for (int command = 0; command < 4; ++command) {
    for (const auto& table : {kTable, kOther}) {
      RankIndex fresh(client);
      ASSERT_EQ(run(fresh.state()).value(), IndexState::complete);
      client.interrupt(command, [this] { server.flush_all(); });
      const auto page = run(fresh.top(table, 0, 9));
      EXPECT_TRUE(page ? page->total == (table == kTable ? 1U : 0U) : page.error().code == Errc::unavailable);
      client.interrupt(-1, {});
      server.flush_all();
      load(one);
      ASSERT_TRUE(run(one.put(entry("a", 5))));
    }
  }
}

TEST_F(RedisEpoch, LossDuringALoadMakesItFail) {
  ASSERT_TRUE(run(one.begin_load()));
  ASSERT_TRUE(run(one.begin_rebuild(kTable)));
  server.flush_all();
  EXPECT_EQ(run(one.put_rebuild(entry("a", 5).front())).error().code, Errc::unavailable);
  EXPECT_EQ(run(one.finish_load()).error().code, Errc::conflict);
  expect_lost(one);
  load(one);
  EXPECT_EQ(run(one.state()).value(), IndexState::complete);
}

TEST_F(RedisEpoch, OneReplicaLoadsAtATime) {
  ASSERT_TRUE(run(one.begin_load()));
  EXPECT_EQ(run(two.begin_load()).error().code, Errc::conflict);
  EXPECT_EQ(run(two.finish_load()).error().code, Errc::conflict);
  ASSERT_TRUE(run(one.finish_load()));
  EXPECT_TRUE(run(two.begin_load()));
}

TEST_F(RedisEpoch, LoaderThatDiedIsReplacedAndDoesNoHarmWhenItWakes) {
  server.flush_all();
  ASSERT_TRUE(run(one.begin_load()));
  ASSERT_TRUE(run(one.begin_rebuild(kTable)));
  server.command({"HSET", "lb:{index}:epoch", "until", "1"});
  EXPECT_EQ(run(two.state()).value(), IndexState::lost);
  ASSERT_TRUE(run(two.begin_load()));
  ASSERT_TRUE(run(two.begin_rebuild(kTable)));
  EXPECT_EQ(run(one.put_rebuild(entry("stale", 5).front())).error().code, Errc::unavailable);
  EXPECT_FALSE(run(one.finish_rebuild(kTable)));
  EXPECT_EQ(run(one.finish_load()).error().code, Errc::conflict);
  ASSERT_TRUE(run(two.put_rebuild(entry("a", 5).front())));
  ASSERT_TRUE(run(two.finish_rebuild(kTable)));
  ASSERT_TRUE(run(two.finish_load()));
  EXPECT_EQ(run(one.top(kTable, 0, 9)).value().entries.front().player, player("a"));
}

TEST_F(RedisEpoch, LoaderThatWasOnlySlowGoesOn) {
  server.flush_all();
  ASSERT_TRUE(run(one.begin_load()));
  ASSERT_TRUE(run(one.begin_rebuild(kTable)));
  server.command({"HSET", "lb:{index}:epoch", "until", "1"});
  ASSERT_TRUE(run(one.put_rebuild(entry("a", 5).front())));
  EXPECT_EQ(run(two.begin_load()).error().code, Errc::conflict);
  ASSERT_TRUE(run(one.finish_rebuild(kTable)));
  ASSERT_TRUE(run(one.finish_load()));
  EXPECT_EQ(run(two.top(kTable, 0, 9)).value().total, 1U);
}

TEST_F(RedisEpoch, TwoReplicasRebuildingOneTableDoNotMixTheirCopies) {
  ASSERT_TRUE(run(one.begin_rebuild(kTable)));
  ASSERT_TRUE(run(one.put_rebuild(entry("x", 1).front())));
  ASSERT_TRUE(run(two.begin_rebuild(kTable)));
  EXPECT_EQ(run(one.put_rebuild(entry("x", 1).front())).error().code, Errc::conflict);
  EXPECT_EQ(run(one.finish_rebuild(kTable)).error().code, Errc::conflict);
  ASSERT_TRUE(run(two.put_rebuild(entry("y", 1).front())));
  ASSERT_TRUE(run(two.finish_rebuild(kTable)));
  const auto page = run(one.top(kTable, 0, 9)).value();
  ASSERT_EQ(page.total, 1U);
  EXPECT_EQ(page.entries[0].player, player("y"));
}

TEST_F(RedisEpoch, MissingKeyMakesTheIndexLostForEverybody) {
  ASSERT_EQ(run(two.top(kTable, 0, 9)).value().total, 1U);
  server.command({"DEL", "lb:{score:daily:2026-11-22}:entries"});
  EXPECT_EQ(run(one.top(kTable, 0, 9)).error().code, Errc::unavailable);
  EXPECT_EQ(run(two.state()).value(), IndexState::lost);
  expect_lost(two);
}

TEST_F(RedisEpoch, TableDroppedByAnotherReplicaIsJustEmpty) {
  ASSERT_EQ(run(two.top(kTable, 0, 9)).value().total, 1U);
  ASSERT_TRUE(run(one.drop(kTable)));
  EXPECT_EQ(run(two.top(kTable, 0, 9)).value().total, 0U);
  ASSERT_TRUE(run(two.put(entry("b", 7))));
  EXPECT_EQ(run(one.top(kTable, 0, 9)).value().entries.front().player, player("b"));
}

TEST_F(RedisEpoch, ServerThatIsAwayMakesEveryCallUnavailable) {
  server.kill();
  EXPECT_EQ(run(one.state()).error().code, Errc::unavailable);
  EXPECT_EQ(run(one.put(entry("b", 7))).error().code, Errc::unavailable);
  EXPECT_EQ(run(one.remove({player("a")})).error().code, Errc::unavailable);
  EXPECT_EQ(run(one.drop(kTable)).error().code, Errc::unavailable);
  EXPECT_EQ(run(one.begin_load()).error().code, Errc::unavailable);
}

}  // namespace
}  // namespace liveops
