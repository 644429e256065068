#include "core/season_calendar.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace liveops::core {
namespace {

using std::chrono::days;
using Listed = std::vector<ListedSeason>;

constexpr int kMaxLengthDays = 3660;
constexpr int kMaxSeasonNumber = 999'999;
constexpr std::size_t kMaxPrefixChars = 58;  // leaves room for the number in a name of 64

Period period_of(const ListedSeason& season) {
  return {.window = Window::seasonal, .id = season.id.str(), .opens_at = season.starts_at, .closes_at = season.ends_at};
}

Status check(const Listed& seasons) {
  for (std::size_t i = 0; i < seasons.size(); ++i) {
    const auto& season = seasons[i];
    const auto same_id = [&](const ListedSeason& other) { return other.id == season.id; };
    if (std::ranges::count_if(seasons, same_id) > 1) {
      return fail(Errc::invalid_argument, "season '" + season.id.str() + "' is listed twice");
    }
    if (season.ends_at <= season.starts_at) {
      return fail(Errc::invalid_argument, "season '" + season.id.str() + "' ends before it starts");
    }
    if (i > 0 && season.starts_at < seasons[i - 1].ends_at) {
      return fail(Errc::invalid_argument,
                  "seasons '" + seasons[i - 1].id.str() + "' and '" + season.id.str() + "' overlap");
    }
  }
  return {};
}

Status check(const RepeatingSeasons& rule) {
  if (rule.length_days < 1 || rule.length_days > kMaxLengthDays) {
    return fail(Errc::invalid_argument,
                "a repeating season must be 1 to " + std::to_string(kMaxLengthDays) + " days long");
  }
  if (!rule.anchor.ok()) return fail(Errc::invalid_argument, "the first day of the repeating seasons is no date");
  if (!is_valid_name(rule.id_prefix) || rule.id_prefix.size() > kMaxPrefixChars) {
    return fail(Errc::invalid_argument,
                "the id prefix of repeating seasons must be 1-58 characters of [A-Za-z0-9._:-]");
  }
  return {};
}

/// Which season a day falls in, counted from 0; negative before the first.
int index_of(const RepeatingSeasons& rule, LocalDay day) {
  const auto passed = (day - LocalDay(rule.anchor)).count();
  return static_cast<int>(passed >= 0 ? passed / rule.length_days : -1);
}

}  // namespace

Result<SeasonCalendar> SeasonCalendar::create(const SeasonRules& rules, const ZoneDays& zone) {
  SeasonRules sorted = rules;
  if (auto* listed = std::get_if<Listed>(&sorted)) std::ranges::sort(*listed, {}, &ListedSeason::starts_at);
  auto status = std::visit([](const auto& checked) { return check(checked); }, sorted);
  if (!status) return std::unexpected(std::move(status.error()));
  return SeasonCalendar(std::move(sorted), zone);
}

Period SeasonCalendar::repeated(const RepeatingSeasons& rule, int index) const {
  const LocalDay first = LocalDay(rule.anchor) + days(rule.length_days) * index;
  return {.window = Window::seasonal,
          .id = rule.id_prefix + std::to_string(index + 1),
          .opens_at = zone_.opens(first),
          .closes_at = zone_.opens(first + days(rule.length_days))};
}

std::optional<Period> SeasonCalendar::at(Timestamp at) const {
  auto season = first_ending_after(at);
  if (season && season->opens_at > at) return std::nullopt;
  return season;
}

std::optional<Period> SeasonCalendar::first_ending_after(Timestamp at) const {
  if (const auto* rule = std::get_if<RepeatingSeasons>(&rules_)) {
    return repeated(*rule, std::max(0, index_of(*rule, zone_.day_at(at))));
  }
  const auto& listed = std::get<Listed>(rules_);
  const auto season = std::ranges::upper_bound(listed, at, {}, &ListedSeason::ends_at);
  if (season == listed.end()) return std::nullopt;
  return period_of(*season);
}

Result<Period> SeasonCalendar::by_id(std::string_view id) const {
  if (const auto* rule = std::get_if<RepeatingSeasons>(&rules_)) {
    int number = 0;
    if (id.starts_with(rule->id_prefix)) {
      const auto digits = id.substr(rule->id_prefix.size());
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      const bool whole = error == std::errc() && end == digits.data() + digits.size() && !digits.starts_with('0');
      if (whole && number >= 1 && number <= kMaxSeasonNumber) return repeated(*rule, number - 1);
    }
    return fail(Errc::not_found,
                "no such season: seasons are named " + rule->id_prefix + "1, " + rule->id_prefix + "2 and so on");
  }
  std::string names;
  for (const auto& season : std::get<Listed>(rules_)) {
    if (season.id.str() == id) return period_of(season);
    names += (names.empty() ? "" : ", ") + season.id.str();
  }
  return fail(Errc::not_found, "no such season: there are " + (names.empty() ? "none" : names));
}

}  // namespace liveops::core
