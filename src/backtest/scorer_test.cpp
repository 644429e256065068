#include "backtest/scorer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <optional>
#include <sstream>

#include "backtest/comparison.hpp"
#include "backtest/poisson.hpp"
#include "backtest/table.hpp"

namespace liveops::backtest {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr core::Timestamp kStart{seconds(1'790'000'000 - 1'790'000'000 % 86'400)};

/// Two honest players (0, 1), then cheaters from the tenth hour on: bot (2), flood (3).
class ScorerTest : public ::testing::Test {
 protected:
  ScorerTest() {
    for (int i = 0; i < 2; ++i) scorer_.add_player({});
    scorer_.add_player({.onset = kStart + hours(10), .kind = "bot"});
    scorer_.add_player({.onset = kStart + hours(10), .kind = "flood"});
  }

  /// An event of `player`, worth 100 where it is illicit; the judge does what is given.
  void event(std::uint32_t player, core::Timestamp at, bool illicit = false, std::optional<Level> action = std::nullopt,
             bool refused = false) {
    core::Event made;
    made.received_at = made.occurred_at = at;
    made.payload = core::Progression{.xp = 1, .score = 100};
    Judgement judgement{.refused = refused, .ranked = !refused, .actions = {}};
    if (action) judgement.actions.push_back({.level = *action, .rule = "rule", .player = player, .at = at});
    scorer_.count({.event = &made, .player = player}, {.illicit = illicit, .illicit_score = illicit ? 100.0 : 0},
                  judgement);
  }

  Scorer scorer_{true};
};

TEST_F(ScorerTest, RecallCountsCheatersFoundAtOrAfterTheirOnset) {
  event(2, kStart + hours(10), true, Level::throttle);
  event(3, kStart + hours(9), false, Level::flag);
  event(3, kStart + hours(11), true);
  const Result result = scorer_.result();
  EXPECT_EQ(result.all.cheaters, 2U);
  EXPECT_DOUBLE_EQ(result.recall(Level::flag), 0.5);
  EXPECT_DOUBLE_EQ(result.recall(Level::throttle), 0.5);
  EXPECT_DOUBLE_EQ(result.recall(Level::block), 0);
  EXPECT_DOUBLE_EQ(result.precision(Level::flag), 0.5);
  EXPECT_DOUBLE_EQ(result.precision(Level::throttle), 1);
  EXPECT_EQ(result.kinds.at("bot").levels[2].found, 1U);
  EXPECT_EQ(result.kinds.at("flood").levels[2].found, 0U);
}

TEST_F(ScorerTest, ACheaterWhoDidNothingYetIsNotMissed) {
  event(2, kStart + hours(1));
  EXPECT_EQ(scorer_.result().all.cheaters, 0U);
}

TEST_F(ScorerTest, FalseActionsCountOncePerPlayerAndDay) {
  for (const int hour : {1, 2, 25, 26}) event(0, kStart + hours(hour), false, Level::flag);
  event(1, kStart + hours(1));
  const Result result = scorer_.result();
  EXPECT_EQ(result.honest_player_days, 3U);
  EXPECT_EQ(result.false_actions[2].player_days, 2U);
  EXPECT_EQ(result.false_actions[2].players, 1U);
  EXPECT_DOUBLE_EQ(result.false_per_player_day(Level::flag), 2.0 / 3);
  EXPECT_DOUBLE_EQ(result.false_bound(Level::flag), poisson_upper_bound(2) / 3);
  EXPECT_DOUBLE_EQ(result.false_per_player_day(Level::throttle), 0);
}

TEST_F(ScorerTest, DelayIsCountedInIllicitEventsAndSecondsFromTheFirst) {
  for (int i = 0; i < 4; ++i) event(2, kStart + hours(10) + seconds(10 * i), true);
  event(2, kStart + hours(10) + seconds(35));  // an honest one between
  event(2, kStart + hours(10) + seconds(40), true, Level::flag);
  event(2, kStart + hours(10) + seconds(50), true, Level::flag);
  const LevelResult flag = scorer_.result().kinds.at("bot").levels[2];
  EXPECT_DOUBLE_EQ(flag.events.median, 5);
  EXPECT_DOUBLE_EQ(flag.seconds.median, 40);
  EXPECT_DOUBLE_EQ(flag.leaked_before, 4.0 / 6);
}

TEST_F(ScorerTest, WhoIsMissedIsNeverFound) {
  event(2, kStart + hours(10), true, Level::flag);
  event(3, kStart + hours(10), true);
  const Result result = scorer_.result();
  EXPECT_DOUBLE_EQ(result.all.levels[2].events.median, 1);
  EXPECT_TRUE(std::isinf(result.all.levels[2].events.p95));
  EXPECT_TRUE(std::isinf(result.kinds.at("flood").levels[2].seconds.median));
}

TEST_F(ScorerTest, LeakIsTheIllicitScoreThatCounted) {
  event(2, kStart + hours(10), true);
  event(2, kStart + hours(11), true, Level::throttle, true);
  event(2, kStart + hours(12), true, std::nullopt, true);
  event(2, kStart + hours(13), true);
  const Result result = scorer_.result();
  EXPECT_DOUBLE_EQ(result.all.leaked, 0.5);
  EXPECT_DOUBLE_EQ(result.all.levels[3].leaked_before, 0.25);
}

TEST_F(ScorerTest, CollateralIsHonestEventsRefused) {
  event(0, kStart, false, std::nullopt, true);
  event(0, kStart + seconds(1));
  event(2, kStart + hours(2), false, std::nullopt, true);  // before the onset
  event(2, kStart + hours(11), true, std::nullopt, true);
  const Result result = scorer_.result();
  EXPECT_EQ(result.honest_events, 3U);
  EXPECT_EQ(result.honest_refused, 2U);
  EXPECT_EQ(result.refused, 3U);
}

TEST_F(ScorerTest, ShadowActsOnNobody) {
  event(0, kStart, false, Level::shadow);
  event(2, kStart + hours(10), true, Level::shadow);
  const Result result = scorer_.result();
  EXPECT_EQ(result.players_acted_on[static_cast<std::size_t>(Level::shadow)], 2U);
  EXPECT_EQ(result.players_acted_on[static_cast<std::size_t>(Level::review)], 0U);
  EXPECT_DOUBLE_EQ(result.recall(Level::review), 0);
  EXPECT_EQ(scorer_.strongest(0), Level::shadow);
}

TEST_F(ScorerTest, LabelsAlonePresumeAllAfterTheOnset) {
  core::Event made;
  made.payload = core::Progression{.xp = 1, .score = 70};
  made.received_at = kStart + hours(11);
  EXPECT_TRUE(scorer_.presumed({.event = &made, .player = 2}).illicit);
  EXPECT_DOUBLE_EQ(scorer_.presumed({.event = &made, .player = 2}).illicit_score, 70);
  EXPECT_FALSE(scorer_.presumed({.event = &made, .player = 0}).illicit);
  made.received_at = kStart;
  EXPECT_FALSE(scorer_.presumed({.event = &made, .player = 2}).illicit);
}

TEST_F(ScorerTest, TheTableSaysNeverForWhatNeverCame) {
  event(2, kStart + hours(10), true);
  std::ostringstream out;
  print(out, scorer_.result());
  EXPECT_NE(out.str().find("never"), std::string::npos);
  EXPECT_TRUE(to_json(scorer_.result()).at("all").at("levels").at("flag").at("delay_events").at(0).is_null());
}

TEST(PolicyComparison, SaysWhoIsTreatedDifferently) {
  Comparison comparison;
  comparison.add("p-1", "honest", Level::shadow, Level::shadow);
  comparison.add("p-2", "bot", Level::flag, Level::block);
  comparison.add("p-3", "honest", Level::throttle, Level::shadow);
  EXPECT_EQ(comparison.differ(), 2U);
  EXPECT_EQ(comparison.count(Level::flag, Level::block), 1U);
  std::ostringstream out;
  comparison.print(out, "old", "new");
  EXPECT_NE(out.str().find("p-2 (bot): flag -> block"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("old: throttle; new: nothing: 1 players"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace liveops::backtest
