#include "tests/contract/leaderboard/service.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

constexpr const char* kNow = "2026-11-22T12:00:00Z";

class LeaderboardService : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  std::unique_ptr<contract::StoresFixture> stores_ = GetParam().make();
};

TEST_P(LeaderboardService, RanksWhatItTookInOnEveryBoardAndWindow) {
  Service service(*stores_, sample_rules(), kNow);
  EXPECT_TRUE(service
                  .take_in({played(1, "a", 5, "2026-11-22T10:00:00Z"), played(2, "b", 9, "2026-11-22T10:00:01Z"),
                            played(3, "a", 6, "2026-11-21T10:00:00Z"), played(4, "c", 5, "2026-11-22T09:59:59Z")})
                  .empty());
  EXPECT_EQ(service.top(), "1b=9 2c=5 3a=5 ") << "c reached 5 first";
  EXPECT_EQ(service.top("window=weekly"), "1b=9 2a=6 3c=5 ");
  EXPECT_EQ(service.top("board=xp&window=seasonal"), "1a=11 2b=9 3c=5 ");
  EXPECT_EQ(service.top("period=2026-11-21"), "1a=6 ");
}

TEST_P(LeaderboardService, NamesPoisonAndAppliesTheRest) {
  Service service(*stores_, sample_rules(), kNow);
  auto broken = played(1, "a", 5, kNow);
  broken.envelope.body = "{";
  const auto poison = service.take_in({broken, played(2, "b", 5, kNow)});
  ASSERT_EQ(poison.size(), 1U);
  EXPECT_EQ(poison[0].index, 0U);
  EXPECT_EQ(service.top(), "1b=5 ");
}

TEST_P(LeaderboardService, CrashBetweenStoreAndIndexIsHealedByRedelivery) {
  Service service(*stores_, sample_rules(), kNow);
  const std::vector<ports::Delivery> events{played(1, "a", 5, kNow), played(2, "b", 7, kNow)};
  service.trouble.plan(0, true);
  EXPECT_FALSE(run(service.service.ingest().handle(events)));
  EXPECT_EQ(service.top(), "");
  service.trouble.none();
  service.take_in(events);
  EXPECT_EQ(service.top(), "1b=7 2a=5 ");
  EXPECT_EQ(service.top("board=xp"), "1b=7 2a=5 ");
  EXPECT_EQ(service.metrics.value("liveops_leaderboard_events_total{outcome=duplicate}"), 2);
}

TEST_P(LeaderboardService, RestartServesTheSameRanks) {
  std::string before;
  {
    Service service(*stores_, sample_rules(), kNow);
    std::vector<ports::Delivery> events;
    for (int i = 0; i < 300; ++i) events.push_back(played(i, "p" + std::to_string(i % 71), i * 37 % 101, kNow));
    service.take_in(events);
    before = service.top("limit=1000") + service.top("board=xp&limit=1000");
  }
  stores_->reopen();
  Service service(*stores_, sample_rules(), kNow);
  EXPECT_EQ(service.top("limit=1000") + service.top("board=xp&limit=1000"), before);
  const auto rebuilt = service.post("/leaderboard/rebuild", "");
  EXPECT_EQ(rebuilt.status, 200);
  EXPECT_EQ(rebuilt.body, R"({"tables":6,"standings":426,"hidden":0})");
  EXPECT_EQ(service.top("limit=1000") + service.top("board=xp&limit=1000"), before);
}

TEST_P(LeaderboardService, CachedPageIsNeverOlderThanTheLastBatch) {
  Service service(*stores_, sample_rules(), kNow);
  service.take_in({played(1, "a", 5, kNow)});
  EXPECT_EQ(service.top(), "1a=5 ");
  EXPECT_EQ(service.top(), "1a=5 ");
  EXPECT_EQ(service.metrics.value("liveops_leaderboard_page_cache_reads_total{outcome=hit}"), 1);
  service.take_in({played(2, "b", 6, kNow)});
  EXPECT_EQ(service.top(), "1b=6 2a=5 ");
  service.judge({verdict("b", true, 1)});
  EXPECT_EQ(service.top(), "1a=5 ");
}

TEST_P(LeaderboardService, PagesWithRandomTiesNeverRepeatOrSkipAPlayer) {
  Service service(*stores_, sample_rules(), kNow);
  EXPECT_TRUE(rc::check([&service] {
    static int number = 0;
    std::vector<ports::Delivery> events;
    const auto count = *rc::gen::inRange(1, 40);
    for (int i = 0; i < count; ++i) {
      events.push_back(played(++number, "p" + std::to_string(*rc::gen::inRange(0, 60)), *rc::gen::inRange(0, 4),
                              "2026-11-22T10:00:0" + std::to_string(*rc::gen::inRange(0, 3)) + "Z"));
    }
    service.take_in(events);
    const auto all = service.top("limit=1000");
    const auto size = *rc::gen::inRange(1, 20);
    std::string paged;
    for (int offset = 0;; offset += size) {
      const auto page = service.top("limit=" + std::to_string(size) + "&offset=" + std::to_string(offset));
      if (page.empty()) break;
      paged += page;
    }
    RC_ASSERT(paged == all);
  }));
}

TEST_P(LeaderboardService, BlockedPlayerIsHiddenAtOnceAndComesBackWithTheScoresOfTheMeantime) {
  Service service(*stores_, sample_rules(), kNow);
  service.take_in({played(1, "a", 5, kNow), played(2, "b", 7, kNow)});
  service.judge({verdict("b", true, 1)});
  EXPECT_EQ(service.top(), "1a=5 ");
  EXPECT_EQ(service.top("board=xp&window=weekly"), "1a=5 ");
  service.take_in({played(3, "b", 9, kNow)});
  EXPECT_EQ(service.top(), "1a=5 ");
  EXPECT_EQ(service.get("/leaderboard/players/{id}", "", "b").status, 404);
  service.judge({verdict("b", false, 2)});
  EXPECT_EQ(service.top(), "1b=9 2a=5 ");
  service.judge({verdict("b", true, 1)});
  EXPECT_EQ(service.top(), "1b=9 2a=5 ") << "old news";
}

TEST_P(LeaderboardService, BlockThatEndsBringsThePlayerBackAlsoAfterARestart) {
  {
    Service service(*stores_, sample_rules(), kNow);
    service.take_in({played(1, "a", 5, kNow), played(2, "b", 7, kNow)});
    service.judge({verdict("b", true, 1, time("2026-11-22T12:15:00Z"))});
  }
  Service service(*stores_, sample_rules(), kNow);
  EXPECT_EQ(service.top(), "1a=5 ");
  ASSERT_TRUE(run(service.service.visibility().show_expired()));
  EXPECT_EQ(service.top(), "1a=5 ");
  service.clock.set(time("2026-11-22T12:15:00Z"));
  service.trouble.plan(0, false);
  EXPECT_FALSE(run(service.service.visibility().show_expired()));
  service.trouble.none();
  ASSERT_TRUE(run(service.service.visibility().show_expired()));
  EXPECT_EQ(service.top(), "1b=7 2a=5 ");
}

INSTANTIATE_TEST_SUITE_P(Adapters, LeaderboardService, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
