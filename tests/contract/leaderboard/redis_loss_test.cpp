#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/redis/leaderboard/rank_index.hpp"
#include "tests/contract/leaderboard/redis_connection.hpp"
#include "tests/contract/leaderboard/service.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

constexpr const char* kNow = "2026-11-22T12:00:00Z";

/// The service on a Redis server that loses what it was given.
class RedisLoss : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  void SetUp() override {
    std::vector<ports::Delivery> events;
    for (int i = 0; i < 300; ++i) events.push_back(played(i, "p" + std::to_string(i % 71), i * 37 % 101, kNow));
    service.take_in(std::move(events));
    before = everything();
  }
  std::string everything() { return service.top("limit=1000") + service.top("board=xp&window=weekly&limit=1000"); }
  void upkeep() {
    boost::asio::io_context io(1);
    auto done = boost::asio::co_spawn(io, service.service.upkeep(nothing_left()), boost::asio::use_future);
    io.run();
    done.get();
  }
  void expect_refused() {
    const auto answer = service.get("/leaderboard");
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(std::ranges::any_of(answer.headers, [](const auto& header) { return header.first == "Retry-After"; }));
    EXPECT_EQ(service.get("/leaderboard/players/{id}", "", "p1").status, 503);
    EXPECT_EQ(run(service.service.rebuild().check()).error().code, core::Errc::unavailable);
    EXPECT_FALSE(run(service.service.ingest().handle({played(1000, "late", 77, kNow)})));
  }

  RedisServer server;
  contract::RedisConnection connection{server.url()};
  adapters::redis::leaderboard::RankIndex index{connection.client()};
  std::unique_ptr<contract::StoresFixture> stores = GetParam().make();
  Service service{*stores, sample_rules(), kNow, &index};
  std::string before;
};

TEST_P(RedisLoss, SameRanksAfterFlushAll) {
  server.flush_all();
  expect_refused();
  upkeep();
  EXPECT_TRUE(run(service.service.rebuild().check()));
  EXPECT_NE(everything(), before) << "one more event was stored meanwhile";
  service.take_in({played(1000, "late", 77, kNow)});
  EXPECT_EQ(service.metrics.value("liveops_leaderboard_index_reloads_total"), 1);
  EXPECT_NE(service.top("limit=1000").find("late=77"), std::string::npos);
}

TEST_P(RedisLoss, SameRanksAfterARestartFromAnOldCopy) {
  server.command({"SAVE"});
  service.take_in({played(1000, "late", 77, kNow)});
  before = everything();
  server.restart();
  connection.await();
  EXPECT_EQ(service.get("/leaderboard").status, 503);
  upkeep();
  EXPECT_EQ(everything(), before);
}

TEST_P(RedisLoss, PlayersBlockedMeanwhileDoNotComeBackWithTheLoad) {
  server.flush_all();
  service.judge({verdict("p1", true, 1)});
  upkeep();
  EXPECT_EQ(service.get("/leaderboard/players/{id}", "", "p1").status, 404);
  EXPECT_EQ(service.get("/leaderboard/players/{id}", "", "p2").status, 200);
}

TEST_P(RedisLoss, TheDisqualifiedDoNotComeBackWithTheLoadButWithTheirReinstatement) {
  service.judge({disqualification("p1", 1, "2026-11-22T11:00:00Z")});
  server.flush_all();
  upkeep();
  EXPECT_EQ(service.get("/leaderboard/players/{id}", "", "p1").status, 404);
  EXPECT_EQ(service.get("/leaderboard/players/{id}", "", "p2").status, 200);
  service.judge({disqualification("p1", 2)});
  EXPECT_EQ(everything(), before);
}

TEST_P(RedisLoss, UpkeepTriesAgainUntilTheStoreAnswers) {
  server.flush_all();
  service.trouble.plan(1, false);
  upkeep();
  EXPECT_EQ(service.get("/leaderboard").status, 503);
  service.trouble.none();
  upkeep();
  EXPECT_EQ(everything(), before);
}

TEST_P(RedisLoss, SealedTableThatCameBackIsDropped) {
  service.clock.set(time("2026-11-24T12:00:00Z"));
  service.seal().value();
  const core::StandingsId sealed{core::BoardId::trusted("score"), core::Window::daily, "2026-11-22"};
  run(index.put({{sealed, {{core::PlayerId::trusted("x"), 1, time(kNow), 1}}}})).value();
  EXPECT_EQ(run(index.top(sealed, 0, 9)).value().total, 1U);
  upkeep();
  EXPECT_EQ(run(index.top(sealed, 0, 9)).value().total, 0U);
}

TEST_P(RedisLoss, SecondReplicaStartsBesideTheFirst) {
  adapters::redis::leaderboard::RankIndex other{connection.client()};
  run(index.begin_load()).value();
  Service second{*stores, sample_rules(), kNow, &other};
  EXPECT_EQ(second.top("limit=1000") + second.top("board=xp&window=weekly&limit=1000"), before);
  run(index.finish_load()).value();
}

INSTANTIATE_TEST_SUITE_P(Adapters, RedisLoss, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
