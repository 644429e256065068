#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::core {

/// Integers are exact up to 2^53 (RFC 8259 section 6); anything beyond is refused, never rounded.
inline constexpr std::int64_t kMaxExactInteger = std::int64_t{1} << 53;

enum class EventType : std::uint8_t { progression, boss_kill, drop_claimed };
inline constexpr int kEventTypes = 3;

[[nodiscard]] std::string_view to_string(EventType type);
[[nodiscard]] std::optional<EventType> parse_event_type(std::string_view text);

struct Progression {
  std::int64_t xp = 0;
  std::optional<std::int64_t> score;
  friend bool operator==(const Progression&, const Progression&) = default;
};

struct BossKill {
  BossId boss_id;
  std::optional<std::string> difficulty;
  std::optional<std::int64_t> duration_ms;
  std::optional<std::int64_t> score;
  std::optional<std::int64_t> xp;  // absent: the rules file's value for the boss
  friend bool operator==(const BossKill&, const BossKill&) = default;
};

struct DropClaimed {
  DropId drop_id;
  ItemId item_id;
  std::int64_t quantity = 1;  // 1..9999
  std::optional<std::string> rarity;
  friend bool operator==(const DropClaimed&, const DropClaimed&) = default;
};

using Payload = std::variant<Progression, BossKill, DropClaimed>;

/// A validated game event.
struct Event {
  EventId id;
  KeyId key_id;  // who signed it
  PlayerId player_id;
  Timestamp occurred_at;  // the event's own time: decides its windows
  Timestamp received_at;  // when the gateway took it
  std::optional<std::int64_t> seq;
  Payload payload;
  std::string payload_json;        // as sent, unknown fields kept
  std::string traceparent;         // W3C Trace Context; empty when none
  std::int32_t level = 0;          // the player's, from `payload.level`; 0: not given, or no level
  bool occurred_at_given = false;  // by the client; else occurred_at is received_at
};

[[nodiscard]] EventType type_of(const Event& event);

}  // namespace liveops::core
