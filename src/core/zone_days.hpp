#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/time.hpp"

namespace date {
class time_zone;  // NOLINT(readability-identifier-naming): the library's
}

namespace liveops::core {

/// A calendar day of a local time zone, counted without regard to any clock.
using LocalDay = std::chrono::sys_days;

/// When the days of one time zone begin.
///
/// A day opens at local midnight; where a clock change removes midnight, at the first instant after it; where one
/// repeats midnight, at the first of the two. A day that a zone skipped altogether (Pacific/Apia, 2011-12-30) opens
/// when the next one does and so is empty. Days therefore tile time, and `opens` never runs backwards.
///
/// Debian's date/tz takes rules for clock changes up to 2037 from the system's zone files; later days keep the last
/// offset. Threads: any (const).
class ZoneDays {
 public:
  /// Errors: `invalid_argument` (no such zone in the system's IANA database).
  [[nodiscard]] static Result<ZoneDays> locate(const std::string& name);

  [[nodiscard]] Timestamp opens(LocalDay day) const;

  /// The day with opens(day) <= at < opens(day + 1).
  [[nodiscard]] LocalDay day_at(Timestamp at) const;

 private:
  explicit ZoneDays(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // owned by date/tz, for ever
};

/// "2026-11-22".
[[nodiscard]] std::string format_day(LocalDay day);

/// nullopt when `text` is not exactly YYYY-MM-DD or no such day, 1969 to 9999.
[[nodiscard]] std::optional<LocalDay> parse_day(std::string_view text);

}  // namespace liveops::core
