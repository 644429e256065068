#include "adapters/config/rules_sections.hpp"
#include "core/season_calendar.hpp"
#include "core/zone_days.hpp"

namespace liveops::adapters::config {
namespace {

using std::chrono::seconds;

constexpr std::pair<std::string_view, std::chrono::weekday> kWeekdays[] = {
    {"monday", std::chrono::Monday},     {"tuesday", std::chrono::Tuesday}, {"wednesday", std::chrono::Wednesday},
    {"thursday", std::chrono::Thursday}, {"friday", std::chrono::Friday},   {"saturday", std::chrono::Saturday},
    {"sunday", std::chrono::Sunday}};
constexpr std::pair<std::string_view, core::LateRule> kLateRules[] = {{"drop", core::LateRule::drop},
                                                                      {"current", core::LateRule::current}};
constexpr std::size_t kMaxSeasons = 1000;
constexpr int kMaxSeasonDays = 3660;
constexpr std::int64_t kMaxSnapshotRows = 100'000;

core::SeasonRules read_seasons(TomlTable& root) {
  TomlTable table = root.table("seasons");
  auto listed = table.tables("list", kMaxSeasons);
  if (!listed.empty()) {
    std::vector<core::ListedSeason> seasons;
    for (auto& entry : listed) {
      core::ListedSeason season;
      season.id = entry.required_name<core::SeasonId>("id");
      season.starts_at = entry.required_time("starts_at");
      season.ends_at = entry.required_time("ends_at");
      entry.finish();
      seasons.push_back(std::move(season));
    }
    table.finish();
    return seasons;
  }
  core::RepeatingSeasons rule;
  rule.id_prefix = table.string("id_prefix", "s");
  rule.anchor = table.required_date("first_day");
  rule.length_days = static_cast<int>(table.integer("length_days", rule.length_days, 1, kMaxSeasonDays));
  table.finish();
  return rule;
}

}  // namespace

core::WindowRules read_windows(TomlTable& root) {
  core::WindowRules rules;
  TomlTable table = root.table("windows");
  rules.time_zone = table.string("time_zone", rules.time_zone);
  rules.week_start = table.choice("week_start", rules.week_start, kWeekdays);
  rules.grace = table.seconds("grace_s", rules.grace, seconds(0), seconds(86'400));
  rules.late = table.choice("late", rules.late, kLateRules);
  rules.snapshot_interval = table.seconds("snapshot_interval_s", rules.snapshot_interval, seconds(1), seconds(86'400));
  rules.snapshot_top = static_cast<int>(table.integer("snapshot_top", rules.snapshot_top, 1, kMaxSnapshotRows));
  table.finish();
  rules.seasons = read_seasons(root);

  const auto zone = core::ZoneDays::locate(rules.time_zone);
  if (!zone) {
    table.fail("time_zone", zone.error().message);
    return rules;
  }
  const auto seasons = core::SeasonCalendar::create(rules.seasons, *zone);
  if (!seasons) root.fail("seasons", seasons.error().message);
  return rules;
}

}  // namespace liveops::adapters::config
