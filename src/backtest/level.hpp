#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace liveops::backtest {

/// What is done about a player, the mildest first. Each includes those after it: whoever is blocked counts as flagged.
enum class Level : std::uint8_t { shadow, review, flag, throttle, quarantine, block };
inline constexpr std::size_t kLevels = 6;

[[nodiscard]] std::string_view to_string(Level level);

}  // namespace liveops::backtest
