#include "adapters/config/rules_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// The smallest file that is accepted: seven lines, so that what a test adds begins on line 8.
constexpr std::string_view kSmallest =
    "[seasons]\n"
    "first_day = 2026-01-05\n"
    "[[boards]]\n"
    "id = \"score\"\n"
    "source = \"score\"\n"
    "events = [\"progression\"]\n"
    "\n";

std::string error_of(std::string_view text) {
  const auto rules = parse_rules(text, "game.toml");
  return rules ? "accepted" : rules.error().message;
}

std::string error_after(std::string_view more) {
  return error_of(std::string(kSmallest) + std::string(more));
}

TEST(RulesFile, ShipsWithARealGame) {
  const auto rules = parse_rules(built_in_rules(), "built-in");
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_THAT(rules->boards, SizeIs(3));
  EXPECT_THAT(rules->bosses, SizeIs(4));
  EXPECT_THAT(rules->rewards, SizeIs(8));
  EXPECT_THAT(rules->fairness.hard.bounds, SizeIs(5));
  EXPECT_EQ(rules->boards[2].order, core::BoardOrder::lowest);
  EXPECT_EQ(rules->boards[2].boss_id->str(), "dragon");
  EXPECT_EQ(rules->bosses[3].difficulties.at("nightmare"), 2.5);
  EXPECT_EQ(std::get<core::BossKills>(rules->rewards[3].condition).count, 10);
  EXPECT_EQ(std::get<core::SeasonXp>(rules->rewards[7].condition).xp, 10'000);
  EXPECT_EQ(std::get<core::RepeatingSeasons>(rules->windows.seasons).length_days, 28);
}

TEST(RulesFile, FillsInWhatIsLeftOut) {
  const auto rules = parse_rules(kSmallest, "game.toml");
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->windows.time_zone, "UTC");
  EXPECT_EQ(rules->boards[0].max_score, 2'147'483'647);
  EXPECT_EQ(rules->fairness.burst.burst_size, 60);
}

TEST(RulesFile, ReadsListedSeasons) {
  const auto rules = parse_rules(
      "seasons.list = [{ id = \"a\", starts_at = 2026-01-01T00:00:00+09:00, ends_at = \"2026-02-01T00:00:00Z\" }]\n"
      "[[boards]]\nid = \"b\"\nsource = \"count\"\nevents = [\"drop_claimed\"]\n",
      "game.toml");
  ASSERT_TRUE(rules) << rules.error().message;
  const auto& season = std::get<std::vector<core::ListedSeason>>(rules->windows.seasons).at(0);
  EXPECT_EQ(core::format_rfc3339(season.starts_at), "2025-12-31T15:00:00Z");
  EXPECT_EQ(core::format_rfc3339(season.ends_at), "2026-02-01T00:00:00Z");
}

TEST(RulesFile, NamesFileLineKeyAndReason) {
  EXPECT_EQ(error_after("[windows]\ngrace = 5\n"), "game.toml:9: windows.grace: unknown key, did you mean 'grace_s'?");
  EXPECT_EQ(error_after("[windows]\ngrace_s = \"long\"\n"),
            "game.toml:9: windows.grace_s: must be an integer from 0 to 86400");
  EXPECT_THAT(error_after("[windows]\nweek_start = \"munday\"\n"), HasSubstr("did you mean 'monday'?"));
  EXPECT_THAT(error_after("[qwertyuiop]\n"), HasSubstr("game.toml:8: qwertyuiop: unknown key; there are windows"));
  EXPECT_THAT(error_after("x = = 1\n"), StartsWith("game.toml:8: syntax: "));
  EXPECT_THAT(error_of("boards = 3\nseasons.first_day = 2026-01-05"),
              StartsWith("game.toml:1: boards: must be a list of tables"));
}

TEST(RulesFile, RefusesValuesOutOfBounds) {
  EXPECT_THAT(error_after("[windows]\ntime_zone = \"Mars\"\n"), StartsWith("game.toml:9: windows.time_zone: unknown"));
  EXPECT_THAT(error_after("[levels]\nthresholds = [10, 10]\n"), HasSubstr("levels.thresholds: must rise"));
  EXPECT_THAT(error_after("[levels]\nmax_level = 2\nthresholds = [1, 2]\n"), HasSubstr("more levels than max_level"));
  EXPECT_THAT(error_after("[levels]\nexponent = nan\n"), HasSubstr("a number from 0 to 10"));
  EXPECT_THAT(error_after("[[boards]]\nid=\"a b\"\nsource=\"xp\"\nevents=[\"progression\"]\n"),
              StartsWith("game.toml:9: boards[1].id: must be 1-64"));
  EXPECT_THAT(error_after("[[boards]]\nid=\"b\"\nsource=\"xp\"\nevents=[\"progression\"]\nmax_score=0\n"),
              HasSubstr("boards[1].max_score: must be an integer from 1 to 8796093022208"));
  EXPECT_THAT(error_after("[fairness.budgets]\nflag_once_in = 500\nthrottle_once_in = 400\n"),
              HasSubstr("not be less than flag_once_in"));
  EXPECT_THAT(error_after("[fairness.ladder]\nthrottle_max_s = 5\n"), HasSubstr("not be less than throttle_first_s"));
  EXPECT_THAT(error_after("[fairness.hard]\nbounds = [{ event = \"drop_claimed\", field = \"xp\", max = 1 }]\n"),
              HasSubstr("fairness.hard.bounds[0].field: must be quantity"));
  EXPECT_THAT(error_after("[fairness.burst]\nmode = \"on\"\n"), HasSubstr("unknown value 'on'"));
}

TEST(RulesFile, RefusesReferencesToWhatDoesNotExist) {
  const std::string boss = "[[bosses]]\nid = \"dragon\"\n";
  EXPECT_THAT(error_after(boss + "[[boards]]\nid=\"b\"\nsource=\"score\"\nevents=[\"boss_kill\"]\nboss=\"dragoon\"\n"),
              StartsWith("game.toml:14: boards[1].boss: unknown boss 'dragoon', did you mean 'dragon'?"));
  EXPECT_THAT(error_after(boss + "[[boards]]\nid=\"b\"\nsource=\"score\"\nevents=[\"progression\"]\nboss=\"dragon\"\n"),
              HasSubstr("needs events"));
  EXPECT_THAT(error_after("[[boards]]\nid=\"b\"\nsource=\"score\"\nevents=[\"boss_kil\"]\n"),
              HasSubstr("did you mean 'boss_kill'?"));
  EXPECT_THAT(error_after("[[boards]]\nid=\"b\"\nsource=\"duration_ms\"\nevents=[\"progression\"]\n"),
              HasSubstr("not in the payload of progression"));
  EXPECT_THAT(error_after("[[rewards]]\nid=\"r\"\nwhen={boss=\"x\"}\nitems=[{item=\"i\"}]\n"),
              HasSubstr("rewards[0].when.boss: unknown boss 'x'; there are none"));
}

TEST(RulesFile, RefusesRepeatedIds) {
  EXPECT_THAT(error_after("[[boards]]\nid=\"score\"\nsource=\"xp\"\nevents=[\"progression\"]\n"),
              StartsWith("game.toml:9: boards[1].id: 'score' is used twice"));
  EXPECT_THAT(error_after("[[bosses]]\nid=\"b\"\n[[bosses]]\nid=\"b\"\n"),
              HasSubstr("bosses[1].id: 'b' is used twice"));
  const std::string reward = "[[rewards]]\nid=\"r\"\nwhen={level=2}\nitems=[{item=\"i\"}]\n";
  EXPECT_THAT(error_after(reward + reward), HasSubstr("rewards[1].id: 'r' is used twice"));
  EXPECT_THAT(error_after("[[rewards]]\nid=\"r\"\nwhen={level=2}\nitems=[{item=\"i\"},{item=\"i\"}]\n"),
              HasSubstr("items[1].item: 'i' is listed twice"));
}

TEST(RulesFile, NeedsABoardSeasonsAndWholeRewards) {
  EXPECT_THAT(error_of("[seasons]\nfirst_day = 2026-01-05\n"), HasSubstr("at least one [[boards]]"));
  EXPECT_THAT(error_of("[[boards]]\nid=\"b\"\nsource=\"xp\"\nevents=[\"progression\"]\n"),
              HasSubstr("seasons.first_day: is required"));
  EXPECT_THAT(error_after("[[rewards]]\nid=\"r\"\nwhen={level=2, season_xp=3}\nitems=[{item=\"i\"}]\n"),
              HasSubstr("rewards[0].when: must be { level = 5 }"));
  EXPECT_THAT(error_after("[[rewards]]\nid=\"r\"\nwhen={level=2}\n"), HasSubstr("rewards[0].items: must list"));
}

TEST(RulesFile, RefusesSeasonsThatOverlap) {
  EXPECT_THAT(
      error_of("seasons.list = [{ id = \"a\", starts_at = 2026-01-01T00:00:00Z, ends_at = 2026-02-01T00:00:00Z },"
               "{ id = \"b\", starts_at = 2026-01-31T00:00:00Z, ends_at = 2026-03-01T00:00:00Z }]\n"),
      HasSubstr("seasons: seasons 'a' and 'b' overlap"));
}

TEST(RulesFile, SaysWhenAFileCannotBeRead) {
  const test::TempDir directory;
  EXPECT_THAT(load_rules(directory.path() / "none.toml").error().message, HasSubstr("set RULES_FILE"));
  EXPECT_THAT(load_rules(directory.path()).error().message, HasSubstr("cannot be read"));
  const auto path = directory.path() / "game.toml";
  std::ofstream(path) << kSmallest;
  EXPECT_TRUE(load_rules(path));
  EXPECT_TRUE(load_rules_or_default(path));
}

}  // namespace
}  // namespace liveops::adapters::config
