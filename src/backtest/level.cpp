#include "backtest/level.hpp"

#include <array>

namespace liveops::backtest {

std::string_view to_string(Level level) {
  constexpr std::array<std::string_view, kLevels> kNames{"shadow", "review", "flag", "throttle", "quarantine", "block"};
  return kNames[static_cast<std::size_t>(level)];
}

}  // namespace liveops::backtest
