#include "audit/ledger_event.hpp"

#include <algorithm>

#include "core/envelope.hpp"

namespace liveops::audit {

namespace {

core::Payload empty_payload(core::EventType type) {
  switch (type) {
    case core::EventType::progression:
      return core::Progression{};
    case core::EventType::boss_kill:
      return core::BossKill{};
    case core::EventType::drop_claimed:
      return core::DropClaimed{};
  }
  return core::Progression{};
}

void fill_in(core::BossKill& kill, const ports::LedgerRow& row, std::span<const core::BossRules> bosses) {
  const bool known = std::ranges::find(bosses, kill.boss_id, &core::BossRules::id) != bosses.end();
  // A boss that the rules know no more was known when its kill was worth something.
  if (!kill.xp && (known || row.xp != 0)) kill.xp = row.xp;
  if (!kill.score && row.score && (known || *row.score != 0)) kill.score = row.score;
}

}  // namespace

core::Result<core::Event> event_of(const ports::LedgerRow& row, std::span<const core::BossRules> bosses) {
  core::Event stored;
  stored.id = row.event_id;
  stored.key_id = core::KeyId::trusted("ledger");
  stored.player_id = core::PlayerId::trusted("somebody");  // the row may name one that is gone, in no player's form
  stored.occurred_at = row.occurred_at;
  stored.received_at = row.received_at;
  stored.occurred_at_given = true;
  stored.payload = empty_payload(row.type);
  stored.payload_json = row.payload_json;
  auto event = core::decode_event(core::encode_event(stored));
  if (!event) return core::fail(core::Errc::corrupt, "the ledger's row cannot be read: " + event.error().detail);
  event->player_id = row.player;
  if (auto* kill = std::get_if<core::BossKill>(&event->payload)) fill_in(*kill, row, bosses);
  return event;
}

}  // namespace liveops::audit
