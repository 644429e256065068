#include "fairness/ladder.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "fairness/case_record.hpp"
#include "fairness/engine.hpp"
#include "fairness/test_traffic.hpp"

// What follows from evidence, and for how long.
namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::seconds;
using test::small_rules;
using test::TestPlayer;
using test::Traffic;

/// A population that is known, and one player who cheats as told.
class LadderTest : public ::testing::Test {
 protected:
  void begin(core::FairnessRules rules) {
    engine_ = std::make_unique<Engine>(rules);
    traffic_ = std::make_unique<Traffic>(*engine_, 200, 16);
    traffic_->play_events(200);
  }
  static core::FairnessRules only_throttles() {
    core::FairnessRules rules = small_rules();
    for (core::EvidenceRule* rule : {&rules.evidence.award_level, &rules.evidence.award_tail}) {
      rule->mode = core::RuleMode::throttle;
    }
    rules.evidence.timing.mode = core::RuleMode::off;  // one who is played event by event plays like a clock
    return rules;
  }

  TestPlayer& cheater() { return traffic_->players()[0]; }

  /// Plays the cheater alone until `action` follows.
  Decision cheat_until(VerdictAction action) {
    cheater().boost = 200;
    for (int i = 0; i < 500; ++i) {
      traffic_->pause(seconds(2));
      const Decision decision = traffic_->play(cheater(), traffic_->now());
      if (decision.action == action && !decision.reason().continued) return decision;
    }
    return Decision{};
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Traffic> traffic_;
};

TEST_F(LadderTest, AThrottledPlayerMayGoOnAtAPartOfTheRateAndTheThrottleHeals) {
  begin(only_throttles());
  const Decision throttle = cheat_until(VerdictAction::throttle);
  ASSERT_EQ(throttle.action, VerdictAction::throttle);
  cheater().boost = 1;
  const core::Timestamp now = traffic_->now();
  EXPECT_EQ(traffic_->play(cheater(), now + std::chrono::milliseconds(500)).action, VerdictAction::throttle);
  EXPECT_EQ(traffic_->play(cheater(), now + seconds(2)).action, VerdictAction::allow);
  EXPECT_EQ(traffic_->play(cheater(), now + std::chrono::milliseconds(2500)).action, VerdictAction::throttle);
  traffic_->pause(std::chrono::hours(5));
  for (int i = 0; i < 300; ++i) {  // evidence goes down with honest play only
    traffic_->pause(seconds(2));
    (void)traffic_->play(cheater(), traffic_->now());
  }
  traffic_->pause(std::chrono::hours(1));
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    traffic_->pause(seconds(2));
    refused += traffic_->play(cheater(), traffic_->now()).action == VerdictAction::throttle ? 1 : 0;
  }
  EXPECT_EQ(refused, 0);
}

TEST_F(LadderTest, ThrottlesDoubleUpToTheirMaximum) {
  begin(only_throttles());
  std::vector<std::int64_t> lengths;
  for (int i = 0; i < 6; ++i) {
    const Decision throttle = cheat_until(VerdictAction::throttle);
    ASSERT_EQ(throttle.action, VerdictAction::throttle);
    lengths.push_back(std::chrono::duration_cast<seconds>(throttle.until - traffic_->now()).count());
    traffic_->pause(std::chrono::ceil<seconds>(throttle.until - traffic_->now()));
  }
  EXPECT_EQ(lengths, (std::vector<std::int64_t>{60, 120, 240, 480, 600, 600}));
}

TEST_F(LadderTest, StrongEvidenceBlocksAndTheNextBlockIsLonger) {
  begin(small_rules());
  std::vector<std::int64_t> lengths;
  for (int i = 0; i < 3; ++i) {
    const Decision block = cheat_until(VerdictAction::block);
    ASSERT_EQ(block.action, VerdictAction::block);
    EXPECT_GE(block.reason().evidence, 1e9F);
    lengths.push_back(std::chrono::duration_cast<seconds>(block.until - traffic_->now()).count());
    traffic_->pause(std::chrono::ceil<seconds>(block.until - traffic_->now()));
  }
  EXPECT_EQ(lengths, (std::vector<std::int64_t>{900, 1800, 3600}));
}

TEST_F(LadderTest, QuarantineRefusesNothingAndIsAskedForOnce) {
  core::FairnessRules rules = small_rules();
  rules.evidence.award_level.mode = core::RuleMode::quarantine;
  rules.evidence.award_tail.mode = core::RuleMode::quarantine;
  rules.budgets.throttle_once_in = rules.budgets.quarantine_once_in = rules.budgets.flag_once_in;
  begin(rules);
  cheater().boost = 200;
  int asked = 0;
  for (int i = 0; i < 60; ++i) {
    traffic_->pause(seconds(2));
    const Decision decision = traffic_->play(cheater(), traffic_->now());
    asked += decision.action == VerdictAction::quarantine ? 1 : 0;
    if (asked == 0) {
      ASSERT_EQ(decision.action, VerdictAction::allow);
    }
  }
  EXPECT_EQ(asked, 1);
}

/// Flags alone are within reach.
core::FairnessRules only_flags() {
  core::FairnessRules rules = small_rules();
  rules.budgets.throttle_once_in = rules.budgets.quarantine_once_in = rules.budgets.block_once_in = 1e29;
  rules.evidence.timing.mode = core::RuleMode::off;
  return rules;
}

TEST_F(LadderTest, WhoIsFlaggedOnAnotherDayAgainIsQuarantined) {
  for (const bool wanted : {true, false}) {
    core::FairnessRules rules = only_flags();
    rules.ladder.quarantine_second_flag = wanted;
    begin(rules);
    const auto flags_and_quarantines = [&] {
      cheater().boost = 8;
      std::pair<int, int> count{0, 0};
      for (int i = 0; i < 300; ++i) {
        traffic_->pause(seconds(2));
        const Decision decision = traffic_->play(cheater(), traffic_->now());
        if (decision.count == 0) continue;
        const bool quarantine = decision.action == VerdictAction::quarantine;
        EXPECT_EQ(decision.reason().second, quarantine);
        ++(quarantine ? count.second : count.first);
      }
      return count;
    };
    const auto [flags, quarantines] = flags_and_quarantines();
    EXPECT_GE(flags, 1);
    EXPECT_EQ(quarantines, 0) << "on the first day";
    traffic_->pause(std::chrono::hours(4));
    EXPECT_EQ(flags_and_quarantines().second, 0) << "later the same day";
    traffic_->pause(std::chrono::hours(26));
    EXPECT_EQ(flags_and_quarantines().second, wanted ? 1 : 0);
    traffic_->pause(std::chrono::hours(26));
    EXPECT_EQ(flags_and_quarantines().second, 0) << "once";
  }
}

TEST(Ladder, ASecondFlagIsOneOfAnotherDayWithinTwoWeeks) {
  constexpr core::Timestamp kDay{std::chrono::hours(24 * 20'000)};
  for (int offset = 0; offset < 64; ++offset) {  // wherever the state's short clock is
    const core::Timestamp first = kDay + std::chrono::hours(8 * offset);
    PlayerState player{};
    EXPECT_FALSE(Ladder::is_second_flag(player, first));
    Ladder::note_flag(player, first);
    EXPECT_FALSE(Ladder::is_second_flag(player, first + std::chrono::hours(15)));
    EXPECT_TRUE(Ladder::is_second_flag(player, first + std::chrono::hours(24)));
    EXPECT_TRUE(Ladder::is_second_flag(player, first + std::chrono::hours(24 * 13)));
    EXPECT_FALSE(Ladder::is_second_flag(player, first + std::chrono::hours(24 * 15)));
    Ladder::forget_flag(player, first + std::chrono::hours(24 * 13));
    EXPECT_EQ(player.flag_noted, 1);
    Ladder::forget_flag(player, first + std::chrono::hours(24 * 15));
    EXPECT_EQ(player.flag_noted, 0);
  }
}

TEST_F(LadderTest, TooManyBlocksAnHourBecomeThrottles) {
  core::FairnessRules rules = small_rules();
  rules.hard.bounds = {{core::EventType::progression, "xp", 5'000'000}};
  rules.governor = {.factor = 3, .least = 5};
  begin(rules);
  int blocked = 0;
  int governed = 0;
  for (int n = 0; n < 50; ++n) {
    const Decision decision =
        engine_->evaluate(test::make_observation("x-" + std::to_string(n), 1, 9'999'999), traffic_->now());
    blocked += decision.action == VerdictAction::block ? 1 : 0;
    governed += decision.count > 0 && decision.reason().governed ? 1 : 0;
  }
  EXPECT_EQ(blocked, 5);
  EXPECT_EQ(governed, 45);
}

TEST_F(LadderTest, APardonLiftsTheThrottleAtOnce) {
  begin(only_throttles());
  ASSERT_EQ(cheat_until(VerdictAction::throttle).action, VerdictAction::throttle);
  engine_->pardon(test::key_of(cheater().id));
  cheater().boost = 1;
  for (int i = 1; i < 10; ++i) {
    EXPECT_EQ(traffic_->play(cheater(), traffic_->now() + i * std::chrono::milliseconds(500)).action,
              VerdictAction::allow);
  }
}

TEST_F(LadderTest, TheEventThatCompletedTheEvidenceMayPassAfterTheThrottle) {
  begin(only_throttles());
  const Decision throttle = cheat_until(VerdictAction::throttle);
  const Observation same = test::make_observation(cheater().id, cheater().next_event - 1, 20'000);
  EXPECT_EQ(engine_->evaluate(same, traffic_->now()).action, VerdictAction::throttle);
  EXPECT_EQ(engine_->evaluate(same, throttle.until).action, VerdictAction::allow);
}

TEST_F(LadderTest, WhatADecisionRestedOnGivesItAgainBitForBit) {
  begin(small_rules());
  cheater().boost = 200;
  int compared = 0;
  int kills = 0;
  for (int i = 0; i < 200; ++i) {
    traffic_->pause(std::chrono::milliseconds(1500));
    auto event = test::make_observation(cheater().id, cheater().next_event++, i % 3 != 2 ? 50'000 : 2'000);
    if (i % 2 == 1) {  // of another type than most
      event.type = core::EventType::boss_kill;
      event.kind = 5;
    }
    CaseRecord record;
    const Decision decision = engine_->evaluate(event, traffic_->now(), &record);
    if (decision.count == 0) continue;
    const auto stored = decode_case(encode_case(record));
    ASSERT_TRUE(stored);
    const Decision again = stored->judge_again();
    EXPECT_EQ(again.action, decision.action);
    EXPECT_EQ(again.until, decision.until);
    ASSERT_EQ(again.count, decision.count);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(again.reason().evidence),
              std::bit_cast<std::uint32_t>(decision.reason().evidence));
    EXPECT_EQ(again.reason().expected, decision.reason().expected);
    ++compared;
    kills += event.type == core::EventType::boss_kill ? 1 : 0;
  }
  EXPECT_GE(compared, 3);
  EXPECT_GE(kills, 1);
}

}  // namespace
}  // namespace liveops::fairness
