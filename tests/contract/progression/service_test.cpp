#include "tests/contract/progression/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/progression/entries.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using core::BossId;
using core::BossKill;
using core::DropClaimed;
using core::Errc;
using core::Progression;

class ProgressionService : public ::testing::TestWithParam<StoresCase> {
 protected:
  ports::Progress stored(const std::string& who) { return run(stores().progress().progress_of(player(who))).value(); }
  Stores& stores() { return *service_.stores; }

  Service service_{GetParam().make()};
};

TEST_P(ProgressionService, NamesWhatCannotBeReadAndAppliesTheRest) {
  auto broken = delivery(2, "a", Progression{10, {}}, at(1));
  broken.envelope.body = "{";
  const auto poison = service_.take_in(
      {delivery(1, "a", Progression{10, {}}, at(1)), broken, delivery(3, "a", Progression{5, {}}, at(1))});
  ASSERT_EQ(poison.size(), 1U);
  EXPECT_EQ(poison[0].index, 1U);
  EXPECT_FALSE(poison[0].reason.empty());
  EXPECT_EQ(stored("a").xp, 15);
  EXPECT_EQ(service_.metrics.value("liveops_progression_events_total{outcome=applied}"), 2);
  EXPECT_EQ(service_.metrics.value("liveops_progression_events_total{outcome=undecodable}"), 1);
}

TEST_P(ProgressionService, BatchOfNothingReadableIsNoError) {
  auto broken = delivery(1, "a", Progression{10, {}}, at(1));
  broken.envelope.body = "";
  EXPECT_EQ(service_.take_in({broken}).size(), 1U);
}

TEST_P(ProgressionService, EventsOwnTimeDecidesItsSeason) {
  service_.take_in({delivery(1, "a", Progression{10, {}}, at(0)),
                    delivery(2, "a", Progression{20, {}}, at(0) + std::chrono::hours(24)),
                    delivery(3, "a", Progression{30, {}}, at(0) - std::chrono::hours(1))});
  const auto sums = stored("a");
  EXPECT_EQ(sums.xp, 60);
  EXPECT_EQ(sums.season_xp.at(season("s1")), 10);
  EXPECT_EQ(sums.season_xp.at(season("s2")), 20);
  EXPECT_EQ(sums.season_xp.size(), 2U);
}

TEST_P(ProgressionService, KillIsWorthWhatTheRulesSayUnlessTheEventDoes) {
  service_.take_in({delivery(1, "a", BossKill{.boss_id = BossId::trusted("dragon")}, at(1))});
  EXPECT_EQ(stored("a").xp, 40);
  EXPECT_EQ(stored("a").boss_kills.at(BossId::trusted("dragon")), 1);
}

TEST_P(ProgressionService, StoreThatIsAwayFailsTheBatchAndALaterTryAppliesIt) {
  const std::vector batch{delivery(1, "a", Progression{10, {}}, at(1))};
  service_.progress_store.away = true;
  EXPECT_EQ(run(service_.service.ingest().handle(batch)).error().code, Errc::unavailable);
  service_.progress_store.away = false;
  service_.take_in(batch);
  service_.take_in(batch);
  EXPECT_EQ(stored("a").xp, 10);
  EXPECT_EQ(service_.metrics.value("liveops_progression_events_total{outcome=duplicate}"), 1);
}

TEST_P(ProgressionService, CacheThatIsAwayCostsNothingButSpeed) {
  service_.cache.away = true;
  service_.take_in({delivery(1, "a", Progression{10, {}}, at(1))});
  EXPECT_EQ(run(service_.service.query().progress_of(player("a"))).value().xp, 10);
  EXPECT_GT(service_.metrics.value("liveops_progression_cache_errors_total"), 0);
}

TEST_P(ProgressionService, ReadsWhatWasJustAppliedFromTheCache) {
  service_.take_in({delivery(1, "a", Progression{10, {}}, at(1))});
  service_.progress_store.away = true;
  EXPECT_EQ(run(service_.service.query().progress_of(player("a"))).value().xp, 10);
  EXPECT_EQ(service_.metrics.value("liveops_progression_cache_reads_total{outcome=hit}"), 1);
}

TEST_P(ProgressionService, RedeliveryRefreshesACacheThatMissedTheFirstTime) {
  const std::vector batch{delivery(1, "a", Progression{10, {}}, at(1))};
  service_.cache.away = true;
  service_.take_in(batch);
  service_.cache.away = false;
  service_.take_in(batch);
  service_.progress_store.away = true;
  EXPECT_EQ(run(service_.service.query().progress_of(player("a"))).value().xp, 10);
}

TEST_P(ProgressionService, CacheThatWasAwayIsBroughtUpToDateByTheNextBatch) {
  service_.take_in({delivery(1, "a", Progression{10, {}}, at(1))});
  service_.cache.away = true;
  service_.take_in({delivery(2, "a", Progression{10, {}}, at(2))});
  service_.cache.away = false;
  service_.take_in({delivery(3, "b", Progression{10, {}}, at(3))});
  EXPECT_EQ(run(service_.service.query().progress_of(player("a"))).value().xp, 20);
}

TEST_P(ProgressionService, NewRulesAreInForceForTheNextBatch) {
  auto rules = sample_rules();
  rules.bosses[0].xp = 1000;
  service_.service.replace_rules(progression::GameBook::create(rules).value());
  service_.take_in({delivery(1, "a", BossKill{.boss_id = BossId::trusted("dragon")}, at(1))});
  EXPECT_EQ(stored("a").xp, 1000);
}

TEST_P(ProgressionService, SweepForgetsIdsAfterFifteenDaysAndNotBefore) {
  const std::vector batch{delivery(1, "a", Progression{10, {}}, at(1))};
  service_.take_in(batch);
  service_.clock.advance(std::chrono::days(15));
  run(service_.service.inbox_sweep().sweep());
  EXPECT_EQ(service_.metrics.value("liveops_progression_inbox_forgotten_total"), 0);
  service_.clock.advance(std::chrono::seconds(1));
  run(service_.service.inbox_sweep().sweep());
  EXPECT_EQ(service_.metrics.value("liveops_progression_inbox_forgotten_total"), 1);
}

INSTANTIATE_TEST_SUITE_P(Adapters, ProgressionService, ::testing::ValuesIn(all_stores()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace liveops::test
