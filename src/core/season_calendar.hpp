#pragma once

#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "core/rules.hpp"
#include "core/window_calendar.hpp"
#include "core/zone_days.hpp"

namespace liveops::core {

/// Says which season an instant belongs to. Seasons are listed with their instants, or repeat every so many local days.
///
/// Threads: any (const).
class SeasonCalendar {
 public:
  /// Errors: `invalid_argument` (seasons that overlap, end before they start or share an id; an impossible rule).
  [[nodiscard]] static Result<SeasonCalendar> create(const SeasonRules& rules, const ZoneDays& zone);

  /// nullopt outside all seasons.
  [[nodiscard]] std::optional<Period> at(Timestamp at) const;

  /// The first season that ends after `at`; nullopt when there is none.
  [[nodiscard]] std::optional<Period> first_ending_after(Timestamp at) const;

  /// Errors: `not_found`, with what a valid id looks like.
  [[nodiscard]] Result<Period> by_id(std::string_view id) const;

 private:
  SeasonCalendar(SeasonRules rules, const ZoneDays& zone) : rules_(std::move(rules)), zone_(zone) {}

  [[nodiscard]] Period repeated(const RepeatingSeasons& rule, int index) const;

  SeasonRules rules_;  // listed ones in order of time
  ZoneDays zone_;
};

}  // namespace liveops::core
