#include "fairness/observation.hpp"

#include <algorithm>
#include <variant>

namespace liveops::fairness {
namespace {

class AmountReader {
 public:
  explicit AmountReader(Observation& target) : target_(target) {}

  void operator()(const core::Progression& event) const {
    put(Field::xp, event.xp);
    put(Field::score, event.score);
  }
  void operator()(const core::BossKill& event) const {
    put(Field::xp, event.xp);
    put(Field::score, event.score);
  }
  void operator()(const core::DropClaimed& event) const { put(Field::quantity, event.quantity); }

 private:
  void put(Field field, std::optional<std::int64_t> value) const {
    target_.amounts[static_cast<std::size_t>(field)] = value.value_or(kAbsent);
  }
  Observation& target_;
};

// The first kEventTypes kinds are the types as such; bosses and drops are spread over the rest by their ids.
constexpr std::size_t kFirstBoss = core::kEventTypes;
constexpr std::size_t kFirstDrop = 24;

/// FNV-1a: the kind of an award must be the same on every machine and after every restart.
std::uint32_t hash(std::string_view text, std::uint32_t seed = 2166136261U) {
  for (const char letter : text) seed = (seed ^ static_cast<unsigned char>(letter)) * 16777619U;
  return seed;
}

struct KindOf {
  std::uint8_t operator()(const core::Progression&) const { return 0; }
  std::uint8_t operator()(const core::BossKill& kill) const {
    const std::uint32_t boss = hash(kill.difficulty.value_or(std::string()), hash(kill.boss_id.str()));
    return static_cast<std::uint8_t>(kFirstBoss + boss % (kFirstDrop - kFirstBoss));
  }
  std::uint8_t operator()(const core::DropClaimed& drop) const {
    return static_cast<std::uint8_t>(kFirstDrop + hash(drop.item_id.str()) % (kKinds - kFirstDrop));
  }
};
constexpr KindOf kKindOf;

}  // namespace

std::string_view to_string(Field field) {
  switch (field) {
    case Field::xp:
      return "xp";
    case Field::score:
      return "score";
    case Field::quantity:
      return "quantity";
  }
  return "?";
}

std::optional<Field> parse_field(std::string_view text) {
  for (const Field field : {Field::xp, Field::score, Field::quantity}) {
    if (text == to_string(field)) return field;
  }
  return std::nullopt;
}

std::uint32_t boss_tag(std::string_view boss_id) {
  return std::max<std::uint32_t>(1, hash(boss_id));
}

std::uint32_t event_tag(const core::EventId& id) {
  const auto& bytes = id.bytes();
  std::uint32_t tag = 0;
  for (std::size_t i = 12; i < 16; ++i) tag = (tag << 8U) | bytes[i];
  return tag == 0 ? 1 : tag;
}

Observation observe(const core::Event& event, const PlayerHasher& hasher) {
  Observation observation;
  observation.player = hasher(event.player_id.str());
  observation.event_tag = event_tag(event.id);
  // The variant's alternatives stand in the order of EventType.
  observation.type = static_cast<core::EventType>(event.payload.index());
  observation.kind = std::visit(kKindOf, event.payload);
  if (const auto* kill = std::get_if<core::BossKill>(&event.payload)) observation.boss = boss_tag(kill->boss_id.str());
  observation.level = event.level;
  observation.seq = event.seq.value_or(kAbsent);
  if (event.occurred_at_given) observation.skew_us = (event.occurred_at - event.received_at).count();
  std::visit(AmountReader(observation), event.payload);
  return observation;
}

}  // namespace liveops::fairness
