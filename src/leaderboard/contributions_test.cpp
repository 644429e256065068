#include "leaderboard/contributions.hpp"

#include <gtest/gtest.h>

namespace liveops::leaderboard {
namespace {

using core::Event;
using core::EventType;
using core::Timestamp;

Timestamp time(const char* text) {
  return core::parse_rfc3339(text).value();
}

core::BoardRules board(const char* id, const char* source, std::vector<EventType> events) {
  core::BoardRules rules;
  rules.id = core::BoardId::trusted(id);
  rules.source = source;
  rules.events = std::move(events);
  rules.max_score = 1000;
  return rules;
}

core::GameRules rules() {
  core::GameRules game;
  game.boards = {board("score", "score", {EventType::progression, EventType::boss_kill}),
                 board("speed", "duration_ms", {EventType::boss_kill}), board("kills", "count", {EventType::boss_kill}),
                 board("loot", "quantity", {EventType::drop_claimed})};
  game.boards[2].boss_id = core::BossId::trusted("hydra");
  game.bosses = {{core::BossId::trusted("hydra"), 50, 400, {{"hard", 2.0}}}};
  game.windows.seasons = core::RepeatingSeasons{
      "s", std::chrono::year_month_day(std::chrono::year(2026), std::chrono::month(11), std::chrono::day(1)), 28};
  return game;
}

class ContributionsTest : public ::testing::Test {
 protected:
  static Event event(core::Payload payload, const char* occurred = "2026-11-22T10:00:00Z",
                     const char* received = nullptr) {
    Event made;
    made.player_id = core::PlayerId::trusted("p");
    made.occurred_at = time(occurred);
    made.received_at = time(received == nullptr ? occurred : received);
    made.payload = std::move(payload);
    return made;
  }
  /// "table:period=score " for every contribution; "!" for one that has a fallback.
  static std::string brought(const core::GameRules& game, const Event& event, Contributions::Counts* counts = nullptr) {
    const auto book = BoardBook::create(game).value();
    Contributions contributions(*book);
    contributions.add(event);
    if (counts != nullptr) *counts = contributions.counts();
    const auto batch = contributions.take(event.received_at);
    std::string text;
    for (const auto& made : batch.contributions) {
      const auto& id = batch.tables[made.table].id;
      text += id.board.str() + ":" + id.period + "=" + std::to_string(made.score) + (made.fallback ? "! " : " ");
    }
    return text;
  }
};

TEST_F(ContributionsTest, ProgressionCountsInEveryWindowOfItsTime) {
  EXPECT_EQ(brought(rules(), event(core::Progression{5, 700})),
            "score:2026-11-22=700 score:2026-11-16=700 score:s1=700 ");
}

TEST_F(ContributionsTest, EventWithoutTheSourceFieldDoesNotCount) {
  Contributions::Counts counts;
  EXPECT_EQ(brought(rules(), event(core::Progression{5, std::nullopt}), &counts), "");
  EXPECT_EQ(counts.ignored, 1U);
}

TEST_F(ContributionsTest, BossKillTakesTheRulesScoreTimesDifficulty) {
  core::BossKill kill{core::BossId::trusted("hydra"), "hard", 90, std::nullopt, std::nullopt};
  const auto text = brought(rules(), event(kill));
  EXPECT_NE(text.find("score:2026-11-22=800 "), std::string::npos) << text;
  EXPECT_NE(text.find("speed:2026-11-22=90 "), std::string::npos) << text;
  EXPECT_NE(text.find("kills:2026-11-22=1 "), std::string::npos) << text;
}

TEST_F(ContributionsTest, KillOfAnUnknownBossCountsOnlyWhatItCarries) {
  core::BossKill kill{core::BossId::trusted("other"), {}, 90, std::nullopt, std::nullopt};
  EXPECT_EQ(brought(rules(), event(kill)), "speed:2026-11-22=90 speed:2026-11-16=90 speed:s1=90 ");
}

TEST_F(ContributionsTest, ScoreAboveTheMaximumIsClampedAndCounted) {
  Contributions::Counts counts;
  EXPECT_EQ(brought(rules(), event(core::Progression{5, 1001}), &counts),
            "score:2026-11-22=1000 score:2026-11-16=1000 score:s1=1000 ");
  EXPECT_EQ(counts.clamped, 1U);
}

TEST_F(ContributionsTest, WithinTheGraceAnEventStillCountsInItsOwnPeriod) {
  Contributions::Counts counts;
  EXPECT_EQ(brought(rules(), event(core::Progression{5, 7}, "2026-11-21T23:59:59Z", "2026-11-22T00:10:00Z"), &counts),
            "score:2026-11-21=7 score:2026-11-16=7 score:s1=7 ");
  EXPECT_EQ(counts.late, 0U);
}

TEST_F(ContributionsTest, AfterTheGraceItIsDroppedFromTheClosedPeriodOnly) {
  Contributions::Counts counts;
  EXPECT_EQ(
      brought(rules(), event(core::Progression{5, 7}, "2026-11-21T23:59:59Z", "2026-11-22T00:10:00.000001Z"), &counts),
      "score:2026-11-16=7 score:s1=7 ");
  EXPECT_EQ(counts.late, 1U);
}

TEST_F(ContributionsTest, LateRuleCurrentMovesItToThePeriodOfReceipt) {
  auto game = rules();
  game.windows.late = core::LateRule::current;
  Contributions::Counts counts;
  EXPECT_EQ(brought(game, event(core::Progression{5, 7}, "2026-11-21T23:59:59Z", "2026-11-22T01:00:00Z"), &counts),
            "score:2026-11-22=7 score:2026-11-16=7 score:s1=7 ");
  EXPECT_EQ(counts.moved, 1U);
  EXPECT_EQ(brought(game, event(core::Progression{5, 7}, "2026-11-21T23:59:59Z", "2026-11-22T00:05:00Z")),
            "score:2026-11-21=7! score:2026-11-16=7 score:s1=7 ")
      << "in time, but with somewhere to go should the period be sealed already";
}

TEST(BoardBook, UnknownSourceIsRefusedByName) {
  auto game = rules();
  game.boards[1].source = "height";
  const auto refused = BoardBook::create(game);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("board speed: source 'height'"), std::string::npos);
}

}  // namespace
}  // namespace liveops::leaderboard
