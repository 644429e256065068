#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/rules.hpp"
#include "core/time.hpp"

namespace liveops::core {

enum class Window : std::uint8_t { daily, weekly, seasonal };
inline constexpr int kWindows = 3;
[[nodiscard]] std::string_view to_string(Window window);
[[nodiscard]] std::optional<Window> parse_window(std::string_view text);

/// One period of a window: [opens_at, closes_at).
struct Period {
  Window window = Window::daily;
  std::string id;  // daily and weekly: local date of the first day ("2026-11-22"); seasonal: the season's id
  Timestamp opens_at;
  Timestamp closes_at;
  friend bool operator==(const Period&, const Period&) = default;
};

/// Says which period an instant belongs to, in the configured time zone. Days and weeks begin at local midnight, or at
/// the first instant after it where a DST change removes midnight.
///
/// Threads: any (const). Source of zones: the system's IANA database through date/tz.
class WindowCalendar {
 public:
  /// Errors: `invalid_argument` (unknown zone, seasons that overlap or end before they start).
  [[nodiscard]] static Result<WindowCalendar> create(const WindowRules& rules);

  /// The period of `window` that holds `at`; nullopt only for `seasonal`, outside all seasons.
  /// Complexity: some 20 ns when the last call on this thread fell into the same period, else a few microseconds.
  [[nodiscard]] std::optional<Period> period_at(Window window, Timestamp at) const;

  /// The period with this id. Errors: `not_found` (no such date or season), with what a valid one looks like.
  [[nodiscard]] Result<Period> period_by_id(Window window, std::string_view id) const;

  /// Every period of `window` that closed in (after, until], in order; at most `limit`.
  [[nodiscard]] std::vector<Period> closed_between(Window window, Timestamp after, Timestamp until,
                                                   std::size_t limit) const;

 private:
  struct State;
  explicit WindowCalendar(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace liveops::core
