#include "core/event.hpp"

#include <array>

namespace liveops::core {
namespace {

constexpr std::array<std::string_view, kEventTypes> kTypeNames{"progression", "boss_kill", "drop_claimed"};

template <EventType Type>
using PayloadOf = std::variant_alternative_t<static_cast<std::size_t>(Type), Payload>;

// type_of and to_string go by position.
static_assert(std::variant_size_v<Payload> == kEventTypes);
static_assert(std::is_same_v<PayloadOf<EventType::progression>, Progression>);
static_assert(std::is_same_v<PayloadOf<EventType::boss_kill>, BossKill>);
static_assert(std::is_same_v<PayloadOf<EventType::drop_claimed>, DropClaimed>);

}  // namespace

std::string_view to_string(EventType type) {
  return kTypeNames[static_cast<std::size_t>(type)];
}

std::optional<EventType> parse_event_type(std::string_view text) {
  for (std::size_t i = 0; i < kTypeNames.size(); ++i) {
    if (kTypeNames[i] == text) return static_cast<EventType>(i);
  }
  return std::nullopt;
}

EventType type_of(const Event& event) {
  return static_cast<EventType>(event.payload.index());
}

}  // namespace liveops::core
