#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace liveops::simulation {

/// How a player cheats. Two kinds have a mild form of their own, since only the strong one is overt.
enum class Kind : std::uint8_t {
  honest,
  speed_hack,       // the game runs 2 to 10 times as fast
  speed_hack_mild,  // 1.5 to 2 times
  injection,        // single awards, 20 to 1000 times the usual
  injection_small,  // 5 to 20 times
  drip_amount,      // every award 15-50 % too high
  drip_rate,        // every event 30-80 % too early
  replay,           // own events over and over, with new ids
  bot,              // regular intervals, nearly all day
  humanised_bot,    // random intervals, most of the day
  boosting,         // somebody far better plays the account
  flood,            // 20 to 100 events a second
  ramp,             // awards that grow by degrees to 20 times the usual
  hugger,           // awards just below what is possible
  collusion,        // pairs that play at the same time and hand wins to each other
  farm,             // a group of accounts that one script plays in phase
  sleeper           // honest for long, then one of the overt kinds
};
inline constexpr std::size_t kKinds = 17;

[[nodiscard]] std::string_view to_string(Kind kind);
[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text);

/// Kinds that show in a few minutes of play; the others are covert: they show in days.
[[nodiscard]] bool is_overt(Kind kind);

}  // namespace liveops::simulation
