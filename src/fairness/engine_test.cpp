#include "fairness/engine.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "fairness/test_traffic.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::seconds;
using test::kStart;
using test::make_observation;

core::FairnessRules rules_with_bound() {
  core::FairnessRules rules;
  rules.max_players = 10'000;
  rules.hard.bounds = {{core::EventType::progression, "xp", 5000}};
  return rules;
}

TEST(HardBounds, AnImpossibleAmountBlocksOnItsOwn) {
  Engine engine(rules_with_bound());
  const Decision decision = engine.evaluate(make_observation("p", 1, 5001), kStart);
  EXPECT_EQ(decision.action, VerdictAction::block);
  EXPECT_EQ(decision.until, kStart + seconds(900));
  ASSERT_EQ(decision.count, 1U);
  EXPECT_EQ(decision.findings[0].detector, Detector::hard_bound);
  EXPECT_EQ(decision.findings[0].expected, 5000);
}

TEST(HardBounds, TheBoundItselfPasses) {
  Engine engine(rules_with_bound());
  EXPECT_EQ(engine.evaluate(make_observation("p", 1, 5000), kStart).action, VerdictAction::allow);
}

TEST(HardBounds, ShadowNotesButNeverRefuses) {
  core::FairnessRules rules = rules_with_bound();
  rules.hard.mode = core::RuleMode::shadow;
  Engine engine(rules);
  const Decision decision = engine.evaluate(make_observation("p", 1, 9999), kStart);
  EXPECT_EQ(decision.action, VerdictAction::allow);
  ASSERT_EQ(decision.count, 1U);
  EXPECT_EQ(decision.findings[0].action, VerdictAction::block);
  EXPECT_EQ(decision.findings[0].mode, core::RuleMode::shadow);
}

TEST(HardBounds, OffSaysNothing) {
  core::FairnessRules rules = rules_with_bound();
  rules.hard.mode = core::RuleMode::off;
  Engine engine(rules);
  EXPECT_EQ(engine.evaluate(make_observation("p", 1, 9999), kStart).count, 0U);
}

TEST(Burst, SixtyAtOncePassAndTheNextIsToldWhenToComeBack) {
  Engine engine(rules_with_bound());
  for (std::uint32_t n = 1; n <= 60; ++n) {
    ASSERT_EQ(engine.evaluate(make_observation("p", n, 10), kStart).action, VerdictAction::allow) << n;
  }
  const Decision refused = engine.evaluate(make_observation("p", 61, 10), kStart);
  EXPECT_EQ(refused.action, VerdictAction::throttle);
  EXPECT_EQ(refused.findings[0].detector, Detector::burst);
  EXPECT_GT(refused.until, kStart);
  EXPECT_LE(refused.until, kStart + std::chrono::milliseconds(84));
  EXPECT_EQ(engine.evaluate(make_observation("p", 61, 10), refused.until).action, VerdictAction::allow);
}

TEST(Burst, ARefusalCostsNoCredit) {
  Engine engine(rules_with_bound());
  for (std::uint32_t n = 1; n <= 1000; ++n) (void)engine.evaluate(make_observation("p", n, 10), kStart);
  const auto later = kStart + std::chrono::milliseconds(84);
  EXPECT_EQ(engine.evaluate(make_observation("p", 2000, 10), later).action, VerdictAction::allow);
}

TEST(Burst, PlayThatNeverPausesMeetsTheSustainedLimit) {
  Engine engine(rules_with_bound());
  core::Timestamp now = kStart;
  Decision last;
  for (std::uint32_t n = 1; n <= 3000 && last.action == VerdictAction::allow; ++n) {
    now += std::chrono::milliseconds(100);
    last = engine.evaluate(make_observation("p", n, 10), now);
  }
  ASSERT_EQ(last.action, VerdictAction::throttle);
  EXPECT_EQ(last.findings[0].detector, Detector::sustained);
}

TEST(Burst, ShadowRefusesNothing) {
  core::FairnessRules rules = rules_with_bound();
  rules.burst.mode = core::RuleMode::shadow;
  Engine engine(rules);
  std::size_t noted = 0;
  for (std::uint32_t n = 1; n <= 200; ++n) {
    const Decision decision = engine.evaluate(make_observation("p", n, 10), kStart);
    ASSERT_EQ(decision.action, VerdictAction::allow);
    noted += decision.count;
  }
  EXPECT_EQ(noted, 140U);
}

TEST(Burst, AFlagOnlyRuleFlagsAndRefusesNothing) {
  core::FairnessRules rules = rules_with_bound();
  rules.burst.mode = core::RuleMode::flag;
  Engine engine(rules);
  Decision last;
  for (std::uint32_t n = 1; n <= 61; ++n) last = engine.evaluate(make_observation("p", n, 10), kStart);
  EXPECT_EQ(last.action, VerdictAction::allow);
  EXPECT_EQ(last.count, 1U);
}

TEST(HardBounds, MayDependOnBossAndLevel) {
  core::FairnessRules rules = rules_with_bound();
  rules.hard.bounds = {{.type = core::EventType::boss_kill, .field = "xp", .max = 100},
                       {.type = core::EventType::boss_kill,
                        .field = "xp",
                        .max = 50,
                        .boss_id = core::BossId::trusted("lich"),
                        .level_from = 1,
                        .level_to = 9}};
  Engine engine(rules);
  std::uint32_t number = 0;
  const auto kill = [&](const char* boss, std::int32_t level, std::int64_t xp) {
    ++number;
    Observation event = make_observation("p" + std::to_string(number), number, xp);
    event.type = core::EventType::boss_kill;
    event.boss = boss_tag(boss);
    event.level = level;
    return engine.evaluate(event, kStart).action;
  };
  EXPECT_EQ(kill("dragon", 1, 100), VerdictAction::allow);
  EXPECT_EQ(kill("dragon", 1, 101), VerdictAction::block);
  EXPECT_EQ(kill("lich", 9, 51), VerdictAction::block);
  EXPECT_EQ(kill("lich", 10, 51), VerdictAction::allow);
  EXPECT_EQ(kill("lich", 0, 51), VerdictAction::allow) << "a level that is not known is held to no narrower bound";
}

TEST(Clock, AnEventTooFarFromItsArrivalIsFoundWhereTheTitleAsksForIt) {
  core::FairnessRules rules = rules_with_bound();
  rules.clock.mode = core::RuleMode::block;
  Engine engine(rules);
  std::uint32_t number = 0;
  const auto skewed = [&](std::int64_t skew_s) {
    ++number;
    Observation event = make_observation("p" + std::to_string(number), number, 1);
    event.skew_us = skew_s * 1'000'000;
    return engine.evaluate(event, kStart).action;
  };
  EXPECT_EQ(skewed(2), VerdictAction::allow);
  EXPECT_EQ(skewed(3), VerdictAction::block);
  EXPECT_EQ(skewed(-120), VerdictAction::allow);
  EXPECT_EQ(skewed(-121), VerdictAction::block);
}

TEST(Retry, OfACountedEventIsNeverEvidenceAndPasses) {
  Engine engine(rules_with_bound());
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(engine.evaluate(make_observation("p", 1, 10), kStart).action, VerdictAction::allow);
  }
  const auto evidence = engine.explain(test::key_of("p"), kStart);
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->events, 1U);
  EXPECT_NEAR(evidence->burst_credit, 59, 0.01);
}

TEST(Retry, OfAnImpossibleEventStaysRefusedButIsNoNewOffence) {
  Engine engine(rules_with_bound());
  (void)engine.evaluate(make_observation("p", 1, 9999), kStart);
  const Decision again = engine.evaluate(make_observation("p", 1, 9999), kStart + seconds(2000));
  EXPECT_EQ(again.action, VerdictAction::block);
  EXPECT_TRUE(again.repeated);
}

TEST(Retry, OfAForgottenEventIsJudgedAnew) {
  Engine engine(rules_with_bound());
  (void)engine.evaluate(make_observation("p", 1, 9999), kStart);
  engine.forget(test::key_of("p"), make_observation("p", 1, 0).event_tag);
  EXPECT_FALSE(engine.evaluate(make_observation("p", 1, 9999), kStart).repeated);
}

TEST(EngineMemory, StaysWithinItsBoundUnderInventedIds) {
  core::FairnessRules rules;
  rules.max_players = 6400;
  Engine engine(rules);
  EXPECT_LE(engine.max_bytes(), 6400U * 128U);
  for (int n = 0; n < 50'000; ++n) (void)engine.evaluate(make_observation("x" + std::to_string(n), 1, 1), kStart);
  EXPECT_LE(engine.players(), 6400U);
}

TEST(EngineMemory, AFloodOfInventedIdsDisplacesNobodyWhoPlays) {
  core::FairnessRules rules;
  rules.max_players = 6400;
  Engine engine(rules);
  const auto play = [&engine](const std::string& player, std::uint32_t event) {
    return engine.evaluate(make_observation(player, event, 1), kStart + event * seconds(1)).action;
  };
  for (std::uint32_t n = 1; n <= 3; ++n) {
    for (int player = 0; player < 3000; ++player) (void)play("p" + std::to_string(player), n);
  }
  for (int n = 0; n < 200'000; ++n) (void)play("x" + std::to_string(n), 4);
  int known = 0;
  for (int player = 0; player < 3000; ++player) {
    const auto evidence = engine.explain(test::key_of("p" + std::to_string(player)), kStart);
    known += evidence && evidence->events == 3 ? 1 : 0;
  }
  EXPECT_GE(known, 2900);
  for (std::uint32_t n = 5; n < 30; ++n) (void)play("new", n);
  EXPECT_TRUE(engine.explain(test::key_of("new"), kStart)) << "who keeps coming is let in";
}

TEST(Engine, ErasedPlayersAreUnknown) {
  Engine engine(rules_with_bound());
  (void)engine.evaluate(make_observation("p", 1, 10), kStart);
  EXPECT_EQ(engine.players(), 1U);
  engine.erase(test::key_of("p"));
  EXPECT_EQ(engine.players(), 0U);
  EXPECT_FALSE(engine.explain(test::key_of("p"), kStart));
}

TEST(Engine, ServesManyThreadsWhileThePopulationAndTheRulesChange) {
  Engine engine(rules_with_bound());
  const auto play = [&engine](int player) {
    for (std::uint32_t n = 1; n <= 2000; ++n) {
      const Observation observation = make_observation("p" + std::to_string(player + n % 50), n, 10);
      engine.expect({&observation, 1}, 0);
      (void)engine.evaluate(observation, kStart + n * seconds(1));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(play, i * 20);
  for (int i = 0; i < 20; ++i) {
    engine.refresh_population(kStart + seconds(i));
    engine.use_rules(rules_with_bound());
    (void)engine.explain(test::key_of("p1"), kStart);
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(engine.players(), 110U);
}

TEST(Engine, DecidesTheSameOnEventsItWasToldToExpect) {
  Engine told(rules_with_bound());
  Engine surprised(rules_with_bound());
  for (std::uint32_t n = 0; n < 200; ++n) {
    std::vector<Observation> group;
    for (std::uint32_t i = 0; i < 16; ++i) {
      group.push_back(make_observation("p" + std::to_string((n * 7 + i) % 50), n * 100 + i + 1, i == 3 ? 5001 : 10));
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      told.expect(group, i);
      const Decision expected = surprised.evaluate(group[i], kStart);
      const Decision decision = told.evaluate(group[i], kStart);
      ASSERT_EQ(decision.action, expected.action);
      ASSERT_EQ(decision.until, expected.until);
      ASSERT_EQ(decision.count, expected.count);
    }
  }
  EXPECT_EQ(told.players(), surprised.players());
}

TEST(Engine, NewRulesApplyFromTheNextEvent) {
  Engine engine(rules_with_bound());
  core::FairnessRules stricter = rules_with_bound();
  stricter.hard.bounds[0].max = 50;
  engine.use_rules(stricter);
  EXPECT_EQ(engine.evaluate(make_observation("p", 1, 51), kStart).action, VerdictAction::block);
}

}  // namespace
}  // namespace liveops::fairness
