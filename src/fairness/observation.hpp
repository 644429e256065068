#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/event.hpp"
#include "fairness/player_key.hpp"

namespace liveops::fairness {

/// The numbers of an event that have bounds.
enum class Field : std::uint8_t { xp, score, quantity };
inline constexpr std::size_t kFields = 3;
[[nodiscard]] std::string_view to_string(Field field);
[[nodiscard]] std::optional<Field> parse_field(std::string_view text);

/// Amounts are judged in two lanes, each on a baseline of its own: scores, and XP or quantities.
enum class Lane : std::uint8_t { score, xp };
inline constexpr std::size_t kLanes = 2;

inline constexpr std::int64_t kAbsent = -1;

/// Kinds of award: one an event type for those about which too little is known, then progression, bosses by id and
/// difficulty, drops by item; ids share a kind where there are more of them.
inline constexpr std::size_t kKinds = 32;

/// What the engine sees of one event.
struct Observation {
  PlayerKey player;
  std::uint32_t event_tag = 0;  // 32 bits of the event id, never 0: tells a retry
  core::EventType type = core::EventType::progression;
  std::uint8_t kind = 0;       // what kind of award this is, below kKinds: amounts of one kind are compared
  std::uint32_t boss = 0;      // `boss_tag` of a kill's boss; 0: no kill
  std::int32_t level = 0;      // the player's; 0: unknown
  std::int64_t seq = kAbsent;  // the player's own counter
  std::int64_t skew_us = 0;    // the event's own time minus its arrival; 0 when the client gave no time
  std::array<std::int64_t, kFields> amounts{kAbsent, kAbsent, kAbsent};

  [[nodiscard]] std::int64_t amount(Field field) const { return amounts[static_cast<std::size_t>(field)]; }
};

[[nodiscard]] Observation observe(const core::Event& event, const PlayerHasher& hasher);

/// What a boss is known by here, never 0.
[[nodiscard]] std::uint32_t boss_tag(std::string_view boss_id);

/// 32 bits of the event id, never 0.
[[nodiscard]] std::uint32_t event_tag(const core::EventId& id);

/// The field whose amount is judged in `lane`. A drop has its quantity in the lane of XP.
[[nodiscard]] constexpr Field field_of(Lane lane, core::EventType type) {
  if (lane == Lane::score) return Field::score;
  return type == core::EventType::drop_claimed ? Field::quantity : Field::xp;
}

}  // namespace liveops::fairness
