// One row that is changed behind everybody's back, and the one difference that names it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "leaderboard/index_feed.hpp"
#include "tests/integration/audit/events.hpp"
#include "tests/integration/audit/services.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using audit::Difference;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

/// The change and what it makes.
struct Change {
  Sql sql;
  Difference difference;
};

std::vector<Change> changes() {
  const std::string sqlite_a = " WHERE player = (SELECT key FROM player WHERE player_id = 'a')";
  const std::string postgres_a = " WHERE player_id = 'a'";
  const auto standing = [](const std::string& board) {
    const std::string of_table = " AND table_id = (SELECT id FROM leaderboard.standings_tables WHERE board = '" +
                                 board + "' AND time_window = 0)";
    return Sql{" WHERE player = (SELECT id FROM leaderboard.players WHERE name = 'a')" + of_table,
               " WHERE player = 'a'" + of_table};
  };
  const auto score = standing("score");
  const std::string score_table = "score/daily/" + std::string(kDay);
  const std::string noon = " at 2026-11-18T12:00:00Z";
  return {
      {{"UPDATE player SET xp = 181 WHERE player_id = 'a'", "UPDATE progression.player SET xp = 181" + postgres_a},
       {"xp", "a", "", "180", "181"}},
      {{"UPDATE season_xp SET xp = 175" + sqlite_a,
        "UPDATE progression.player SET season_xp = '{\"s12\": 175}'" + postgres_a},
       {"season xp", "a", kSeason, "180", "175"}},
      {{"DELETE FROM boss_kills" + sqlite_a + " AND boss = 'dragon'",
        "UPDATE progression.player SET boss_kills = boss_kills - 'dragon'" + postgres_a},
       {"boss kills", "a", "dragon", "1", "none"}},
      {{"UPDATE inventory SET quantity = 6" + sqlite_a + " AND item_id = 'gem'",
        "UPDATE progression.inventory SET quantity = 6" + postgres_a + " AND item_id = 'gem'"},
       {"item", "a", "gem", "3", "6"}},
      {{"DELETE FROM inventory" + sqlite_a + " AND item_id = 'potion'",
        "DELETE FROM progression.inventory" + postgres_a + " AND item_id = 'potion'"},
       {"item", "a", "potion", "3", "none"}},
      {{"DELETE FROM drops WHERE drop_id = 'd-2'", "DELETE FROM progression.drops WHERE drop_id = 'd-2'"},
       {"drop", "a", "d-2", "event " + event(5, "a", core::EventType::drop_claimed, "").id.str(), "none"}},
      {{"INSERT INTO player(player_id, xp, version, updated_at) VALUES('z', 0, 1, 0)",
        "INSERT INTO progression.player VALUES('z', 0, 1, 0, '{}', '{}')"},
       {"progress", "z", "", "none", "a row, though the ledger has no event of this player"}},
      {{"UPDATE leaderboard.standings SET score = 4501" + score.sqlite,
        "UPDATE leaderboard.standings SET score = 4501" + score.postgres},
       {"standing", "a", score_table, "9000" + noon, "4501" + noon}},
      {{"UPDATE leaderboard.standings SET achieved_at = achieved_at + 1" + score.sqlite,
        "UPDATE leaderboard.standings SET achieved_at = achieved_at + 1" + score.postgres},
       {"standing", "a", score_table, "9000" + noon, "9000 at 2026-11-18T12:00:00.000001Z"}},
      {{"DELETE FROM leaderboard.standings" + score.sqlite, "DELETE FROM leaderboard.standings" + score.postgres},
       {"standing", "a", score_table, "9000" + noon, "none"}},
      {{"INSERT INTO leaderboard.standings SELECT (SELECT id FROM leaderboard.players WHERE name = 'b'), table_id, "
        "score, achieved_at, 1, NULL FROM leaderboard.standings" +
            standing("dragon-speed").sqlite,
        "INSERT INTO leaderboard.standings SELECT score, achieved_at, table_id, 1, 'b', NULL FROM "
        "leaderboard.standings" +
            standing("dragon-speed").postgres},
       {"standing", "b", "dragon-speed/daily/" + std::string(kDay), "none", "900" + noon}},
  };
}

class ChangedRow : public testing::TestWithParam<BookStoresCase> {
 protected:
  ChangedRow() { start(); }
  void start() {
    services.emplace(GetParam(), audited_rules(), at(kNoon));
    services->take_in(few_events());
    services->claim("a", "first-steps");
  }
  std::vector<Difference> differences(bool offline) { return services->audit(offline).differences.first(); }
  core::StandingsId score_table() { return {core::BoardId::trusted("score"), core::Window::daily, kDay}; }

  std::optional<Services> services;
};

TEST_P(ChangedRow, IsNamedAndNothingElse) {
  for (const auto& [sql, expected] : changes()) {
    SCOPED_TRACE(sql.sqlite);
    start();
    ASSERT_THAT(differences(false), IsEmpty());
    services->stores->change(sql);
    EXPECT_THAT(differences(true), ElementsAre(expected));
  }
}

TEST_P(ChangedRow, OfTheLedgerShowsInAllThatItMade) {
  const auto xp = event(1, "a", core::EventType::progression, "").id;
  services->stores->change({"DELETE FROM ledger WHERE type = 0 AND xp = 120",
                            "DELETE FROM progression.ledger WHERE event_id = '" + xp.str() + "'"});
  const auto found = differences(true);
  EXPECT_THAT(found, Contains(Difference{"xp", "a", "", "60", "180"}));
  EXPECT_THAT(found, Contains(Difference{"standing", "a", "xp/daily/" + std::string(kDay), "60 at 2026-11-18T12:00:00Z",
                                         "180 at 2026-11-18T12:00:00Z"}));
}

TEST_P(ChangedRow, ThatRepeatsAnEventIsNamed) {
  services->stores->change(
      {"INSERT INTO ledger SELECT NULL, event_id, player, type, occurred_at, received_at, "
       "applied_at, xp, score, drop_refused, payload FROM ledger WHERE xp = 120",
       "INSERT INTO progression.ledger SELECT * FROM progression.ledger WHERE xp = 120"});
  const auto id = event(1, "a", core::EventType::progression, "").id.str();
  EXPECT_THAT(differences(true), Contains(Difference{"ledger", "", "event " + id, "once", "2 times"}));
}

TEST_P(ChangedRow, ThatTakesADropFromEverybodyIsNamedForWhoWasRefusedIt) {
  services->stores->change(
      {"DELETE FROM drops WHERE drop_id = 'd-1'", "DELETE FROM progression.drops WHERE drop_id = 'd-1'"});
  const auto found = differences(true);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[1].player, "b");
  EXPECT_EQ(found[1].found, "granted to nobody");
}

TEST_P(ChangedRow, ThatTakesAPlayerAwayIsNamed) {
  services->stores->change(
      {"DELETE FROM player WHERE player_id = 'b'", "DELETE FROM progression.player WHERE player_id = 'b'"});
  EXPECT_THAT(differences(true), Contains(Field(&Difference::what, "progress")));
}

TEST_P(ChangedRow, OfAClaimedRewardWithoutReceiptIsNamed) {
  services->stores->change({"DELETE FROM receipt", "DELETE FROM progression.receipt"});
  EXPECT_THAT(differences(true), Contains(Difference{"claimed reward", "a", "", "a receipt", "none"}));
}

TEST_P(ChangedRow, OfAStandingDiffersFromTheRankAsWell) {
  services->stores->change(
      {"UPDATE leaderboard.standings SET score = 71 WHERE score = 70 AND table_id = (SELECT id FROM "
       "leaderboard.standings_tables WHERE board = 'score' AND time_window = 0)",
       "UPDATE leaderboard.standings SET score = 71 WHERE score = 70 AND table_id = (SELECT id FROM "
       "leaderboard.standings_tables WHERE board = 'score' AND time_window = 0)"});
  const auto found = differences(false);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].what, "standing");
  EXPECT_EQ(found[1], (Difference{"rank", "b", "score/daily/" + std::string(kDay), "71 at 2026-11-18T12:00:00Z",
                                  "70 at 2026-11-18T12:00:00Z"}));
}

TEST_P(ChangedRow, OfTheRankIndexIsNamed) {
  run(services->index.remove({core::PlayerId::trusted("b")})).value();
  const auto missing = differences(false);
  EXPECT_THAT(missing, SizeIs(4 * 3)) << "score, xp, latest and loot in three windows";
  EXPECT_THAT(missing, Contains(Difference{"rank", "b", "score/daily/" + std::string(kDay),
                                           "70 at 2026-11-18T12:00:00Z", "none"}));
}

TEST_P(ChangedRow, OfTheRankIndexThatNobodyEarnedIsNamed) {
  run(services->index.put({{score_table(), {{core::PlayerId::trusted("ghost"), 1, at(kNoon), 1}}}})).value();
  const auto found = differences(false);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].player, "ghost");
  EXPECT_EQ(found[0].expected, "none");
}

INSTANTIATE_TEST_SUITE_P(Stores, ChangedRow, testing::ValuesIn(all_book_stores()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
