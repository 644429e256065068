#pragma once

#include <compare>
#include <string>

#include "core/ids.hpp"
#include "core/window_calendar.hpp"

namespace liveops::core {

/// Names one table of standings: a board in one period of one window.
struct StandingsId {
  BoardId board;
  Window window = Window::daily;
  std::string period;  // Period::id
  friend bool operator==(const StandingsId&, const StandingsId&) = default;
  friend auto operator<=>(const StandingsId&, const StandingsId&) = default;
};

}  // namespace liveops::core
