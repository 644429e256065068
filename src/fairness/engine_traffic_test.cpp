#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

#include "fairness/engine.hpp"
#include "fairness/test_traffic.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::TestPlayer;
using test::Traffic;

core::FairnessRules small_rules() {
  core::FairnessRules rules;
  rules.max_players = 20'000;
  return rules;
}

struct Tally {
  int flagged = 0;
  int throttled = 0;
  int blocked = 0;
};

Tally tally(const std::vector<TestPlayer>& players, bool cheaters) {
  Tally result;
  for (const TestPlayer& player : players) {
    if ((player.boost != 1) != cheaters) continue;
    result.flagged += player.flags > 0 ? 1 : 0;
    result.throttled += player.throttles > 0 ? 1 : 0;
    result.blocked += player.blocks > 0 ? 1 : 0;
  }
  return result;
}

class HonestTraffic : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(HonestTraffic, FlagsNobodyAmongAThousandPlayers) {
  Engine engine(small_rules());
  Traffic traffic(engine, 1000, GetParam());
  traffic.rounds(400);
  const Tally honest = tally(traffic.players(), false);
  EXPECT_EQ(honest.flagged, 0);
  EXPECT_EQ(honest.throttled, 0);
  EXPECT_EQ(honest.blocked, 0);
}

TEST_P(HonestTraffic, AnOutageBacklogOfEverybodyBlocksNobody) {
  Engine engine(small_rules());
  Traffic traffic(engine, 300, GetParam());
  traffic.rounds(100);
  traffic.pause(seconds(60));
  for (TestPlayer& player : traffic.players()) {
    for (int i = 0; i < 40; ++i) (void)traffic.play(player, traffic.now() + i * milliseconds(50));
  }
  traffic.pause(seconds(10));
  traffic.rounds(100);
  const Tally honest = tally(traffic.players(), false);
  EXPECT_EQ(honest.flagged, 0);
  EXPECT_EQ(honest.throttled, 0);
  EXPECT_EQ(honest.blocked, 0);
}

TEST_P(HonestTraffic, ADoubleXpHourPunishesNobody) {
  Engine engine(small_rules());
  Traffic traffic(engine, 300, GetParam());
  traffic.rounds(200);
  traffic.rounds(300, 2.0);
  traffic.rounds(100);
  const Tally honest = tally(traffic.players(), false);
  EXPECT_EQ(honest.flagged, 0);
  EXPECT_EQ(honest.throttled, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, HonestTraffic, ::testing::Values(1, 2, 3));

TEST(ScoreCheck, FindsInflatedAwardsWithinFiftyEvents) {
  Engine engine(small_rules());
  Traffic traffic(engine, 500, 11);
  traffic.rounds(100);
  for (std::size_t i = 0; i < 5; ++i) traffic.players()[i].boost = 10;
  traffic.rounds(50);
  EXPECT_EQ(tally(traffic.players(), true).throttled, 5);
  EXPECT_EQ(tally(traffic.players(), false).flagged, 0);
}

TEST(ScoreCheck, FindsSeveralWhoCheatAtOnce) {
  Engine engine(small_rules());
  Traffic traffic(engine, 500, 12);
  for (std::size_t i = 0; i < 75; ++i) traffic.players()[i].boost = 20;  // 15 %, from their first event
  traffic.rounds(200);
  EXPECT_EQ(tally(traffic.players(), true).throttled, 75);
  EXPECT_EQ(tally(traffic.players(), false).flagged, 0);
}

TEST(ScoreCheck, JudgesNobodyBeforeTheGameIsKnown) {
  Engine engine(small_rules());
  Traffic traffic(engine, 20, 13);  // fewer than min_population
  traffic.rounds(50);
  traffic.players()[0].boost = 100;
  traffic.rounds(200);
  EXPECT_EQ(tally(traffic.players(), true).flagged, 0);
}

TEST(ScoreCheck, NoOneIsJudgedByHisFirstFewEvents) {
  Engine engine(small_rules());
  Traffic traffic(engine, 100, 14);
  traffic.rounds(100);
  for (std::uint32_t n = 1; n <= 10; ++n) {
    const Decision decision = engine.evaluate(test::make_observation("newcomer", n, 1'000'000), traffic.now());
    EXPECT_EQ(decision.count, 0U);
  }
  EXPECT_EQ(engine.explain(test::key_of("newcomer"), traffic.now())->cusum, 0);
}

TEST(ScoreCheck, ShadowFindsTheSameAndRefusesNothing) {
  core::FairnessRules rules = small_rules();
  rules.score.mode = core::RuleMode::shadow;
  Engine engine(rules);
  Traffic traffic(engine, 300, 15);
  traffic.rounds(100);
  TestPlayer& cheater = traffic.players()[0];
  cheater.boost = 50;
  traffic.rounds(100);
  EXPECT_GE(cheater.flags, 1);
  EXPECT_EQ(cheater.throttles, 0);
}

/// A population that is known, and one player who cheats as told.
class LadderTest : public ::testing::Test {
 protected:
  /// Plays the cheater alone until he is refused; the end of that.
  Decision cheat_until_refused() {
    TestPlayer& cheater = traffic_->players()[0];
    cheater.boost = 200;
    for (int i = 0; i < 500; ++i) {
      traffic_->pause(seconds(1));
      const Decision decision = traffic_->play(cheater, traffic_->now());
      if (decision.action != VerdictAction::allow) return decision;
    }
    return Decision{};
  }

  void begin(const core::FairnessRules& rules) {
    engine_ = std::make_unique<Engine>(rules);
    traffic_ = std::make_unique<Traffic>(*engine_, 200, 16);
    traffic_->rounds(100);
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Traffic> traffic_;
};

TEST_F(LadderTest, AThrottleHealsByItself) {
  begin(small_rules());
  const Decision throttle = cheat_until_refused();
  ASSERT_EQ(throttle.action, VerdictAction::throttle);
  TestPlayer& player = traffic_->players()[0];
  player.boost = 1;
  EXPECT_EQ(traffic_->play(player, throttle.until - seconds(1)).action, VerdictAction::throttle);
  EXPECT_EQ(traffic_->play(player, throttle.until).action, VerdictAction::allow);
}

TEST_F(LadderTest, ThrottlesDoubleUpToTheirMaximum) {
  begin(small_rules());
  std::vector<std::int64_t> lengths;
  for (int i = 0; i < 6; ++i) {
    const Decision throttle = cheat_until_refused();
    ASSERT_EQ(throttle.action, VerdictAction::throttle);
    lengths.push_back(std::chrono::duration_cast<seconds>(throttle.until - traffic_->now()).count());
    traffic_->pause(std::chrono::ceil<seconds>(throttle.until - traffic_->now()));
  }
  EXPECT_EQ(lengths, (std::vector<std::int64_t>{60, 120, 240, 480, 600, 600}));
}

TEST_F(LadderTest, EnoughThrottlesBecomeABlock) {
  core::FairnessRules rules = small_rules();
  rules.ladder.throttles_to_block = 2;
  begin(rules);
  for (int i = 0; i < 2; ++i) {
    const Decision throttle = cheat_until_refused();
    ASSERT_EQ(throttle.action, VerdictAction::throttle);
    traffic_->pause(std::chrono::ceil<seconds>(throttle.until - traffic_->now()));
  }
  const Decision block = cheat_until_refused();
  EXPECT_EQ(block.action, VerdictAction::block);
  EXPECT_EQ(block.until, traffic_->now() + seconds(900));
}

TEST_F(LadderTest, HalfAnHourOfPeaceForgivesAThrottle) {
  begin(small_rules());
  const Decision first = cheat_until_refused();
  traffic_->pause(std::chrono::ceil<seconds>(first.until - traffic_->now()) + std::chrono::minutes(31));
  const Decision second = cheat_until_refused();
  EXPECT_EQ(std::chrono::duration_cast<seconds>(second.until - traffic_->now()).count(), 60);
}

TEST_F(LadderTest, APardonLiftsTheThrottleAtOnce) {
  begin(small_rules());
  ASSERT_EQ(cheat_until_refused().action, VerdictAction::throttle);
  engine_->pardon(test::key_of(traffic_->players()[0].id));
  traffic_->players()[0].boost = 1;
  EXPECT_EQ(traffic_->play(traffic_->players()[0], traffic_->now()).action, VerdictAction::allow);
}

TEST_F(LadderTest, TheEventThatCompletedTheEvidenceMayPassAfterTheThrottle) {
  begin(small_rules());
  const Decision throttle = cheat_until_refused();
  const TestPlayer& player = traffic_->players()[0];
  const Observation same = test::make_observation(player.id, player.next_event - 1, 20'000);
  EXPECT_EQ(engine_->evaluate(same, traffic_->now()).action, VerdictAction::throttle);
  EXPECT_EQ(engine_->evaluate(same, throttle.until).action, VerdictAction::allow);
  EXPECT_EQ(engine_->explain(same.player, throttle.until)->cusum, 0);
}

TEST(Engine, TheSameTrafficGivesTheSameDecisions) {
  const auto count_flags = [] {
    Engine engine(small_rules());
    Traffic traffic(engine, 100, 17);
    traffic.rounds(50);
    for (std::size_t i = 0; i < 10; ++i) traffic.players()[i].boost = 5;
    traffic.rounds(150);
    std::vector<int> flags;
    for (const TestPlayer& player : traffic.players()) flags.push_back(player.flags * 1000 + player.throttles);
    return flags;
  };
  EXPECT_EQ(count_flags(), count_flags());
}

}  // namespace
}  // namespace liveops::fairness
