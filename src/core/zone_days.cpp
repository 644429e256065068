#include "core/zone_days.hpp"

#include <date/tz.h>

#include <array>
#include <charconv>
#include <stdexcept>

namespace liveops::core {
namespace {

using std::chrono::days;

std::optional<int> parse_digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return value;
}

}  // namespace

Result<ZoneDays> ZoneDays::locate(const std::string& name) {
  try {
    return ZoneDays(date::locate_zone(name));
  } catch (const std::runtime_error& error) {
    return fail(Errc::invalid_argument,
                "unknown time zone '" + name + "': use an IANA name such as Asia/Seoul (package tzdata)", error.what());
  }
}

Timestamp ZoneDays::opens(LocalDay day) const {
  // For a local time that does not exist, to_sys gives the instant of the clock change.
  return zone_->to_sys(date::local_seconds(day.time_since_epoch()), date::choose::earliest);
}

LocalDay ZoneDays::day_at(Timestamp at) const {
  LocalDay day(std::chrono::floor<days>(zone_->to_local(at).time_since_epoch()));
  while (at < opens(day)) day -= days(1);
  while (at >= opens(day + days(1))) day += days(1);
  return day;
}

std::string format_day(LocalDay day) {
  const std::chrono::year_month_day date(day);
  std::string text = "0000-00-00";
  const auto put = [&text](std::size_t end, unsigned value) {
    for (; value > 0; value /= 10) text[--end] = static_cast<char>('0' + value % 10);
  };
  put(4, static_cast<unsigned>(static_cast<int>(date.year())));
  put(7, static_cast<unsigned>(date.month()));
  put(10, static_cast<unsigned>(date.day()));
  return text;
}

std::optional<LocalDay> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_digits(text.substr(0, 4));
  const auto month = parse_digits(text.substr(5, 2));
  const auto day = parse_digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  constexpr int kFirstYear = 1969;  // west of Greenwich, 1970 begins in it
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < kFirstYear) return std::nullopt;
  return LocalDay(date);
}

}  // namespace liveops::core
