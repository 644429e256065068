#include "core/window_calendar.hpp"

#include <array>
#include <atomic>
#include <utility>

#include "core/season_calendar.hpp"
#include "core/zone_days.hpp"

namespace liveops::core {
namespace {

using std::chrono::days;

std::uint64_t next_calendar_number() {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

struct WindowCalendar::State {
  ZoneDays zone;
  SeasonCalendar seasons;
  std::chrono::weekday week_start;
  std::uint64_t number = next_calendar_number();

  [[nodiscard]] LocalDay week_of(LocalDay day) const { return day - (std::chrono::weekday(day) - week_start); }

  [[nodiscard]] Period starting(Window window, LocalDay first) const {
    const days length = window == Window::daily ? days(1) : days(7);
    return {.window = window,
            .id = format_day(first),
            .opens_at = zone.opens(first),
            .closes_at = zone.opens(first + length)};
  }

  [[nodiscard]] std::optional<Period> find(Window window, Timestamp at) const {
    switch (window) {
      case Window::daily:
        return starting(window, zone.day_at(at));
      case Window::weekly:
        return starting(window, week_of(zone.day_at(at)));
      case Window::seasonal:
        break;
    }
    return seasons.at(at);
  }

  /// The first period that closes after `at`.
  [[nodiscard]] std::optional<Period> first_closing_after(Window window, Timestamp at) const {
    return window == Window::seasonal ? seasons.first_ending_after(at) : find(window, at);
  }
};

std::string_view to_string(Window window) {
  switch (window) {
    case Window::daily:
      return "daily";
    case Window::weekly:
      return "weekly";
    case Window::seasonal:
      return "seasonal";
  }
  return "daily";
}

std::optional<Window> parse_window(std::string_view text) {
  for (const auto window : {Window::daily, Window::weekly, Window::seasonal}) {
    if (text == to_string(window)) return window;
  }
  return std::nullopt;
}

Result<WindowCalendar> WindowCalendar::create(const WindowRules& rules) {
  auto zone = ZoneDays::locate(rules.time_zone);
  if (!zone) return std::unexpected(std::move(zone.error()));
  auto seasons = SeasonCalendar::create(rules.seasons, *zone);
  if (!seasons) return std::unexpected(std::move(seasons.error()));
  return WindowCalendar(std::make_shared<const State>(*zone, *std::move(seasons), rules.week_start));
}

std::optional<Period> WindowCalendar::period_at(Window window, Timestamp at) const {
  // Nearly all events fall into the period of the one before; asking the zone again costs a hundred times as much.
  struct Last {
    std::uint64_t calendar = 0;  // 0 is no calendar's number
    Period period;
  };
  thread_local std::array<Last, kWindows> cache;
  Last& last = cache[static_cast<std::size_t>(window)];
  const bool hit = last.calendar == state_->number && at >= last.period.opens_at && at < last.period.closes_at;
  if (!hit) {
    auto found = state_->find(window, at);
    if (!found) return std::nullopt;
    last = {.calendar = state_->number, .period = *std::move(found)};
  }
  return last.period;
}

Result<Period> WindowCalendar::period_by_id(Window window, std::string_view id) const {
  if (window == Window::seasonal) return state_->seasons.by_id(id);
  const auto day = parse_day(id);
  if (!day)
    return fail(Errc::not_found, "no such period: " + std::string(to_string(window)) +
                                     " periods are named by their first day, such as 2026-11-22");
  if (window == Window::weekly && state_->week_of(*day) != *day) {
    return fail(Errc::not_found,
                "no week begins on that day: the one that holds it is " + format_day(state_->week_of(*day)));
  }
  Period period = state_->starting(window, *day);
  if (period.opens_at == period.closes_at) return fail(Errc::not_found, "the time zone skipped that day");
  return period;
}

std::vector<Period> WindowCalendar::closed_between(Window window, Timestamp after, Timestamp until,
                                                   std::size_t limit) const {
  std::vector<Period> closed;
  auto period = state_->first_closing_after(window, after);
  while (period && period->closes_at <= until && closed.size() < limit) {
    const Timestamp end = period->closes_at;
    closed.push_back(*std::move(period));
    period = state_->first_closing_after(window, end);
  }
  return closed;
}

}  // namespace liveops::core
