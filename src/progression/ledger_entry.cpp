#include "progression/ledger_entry.hpp"

#include "core/boss_values.hpp"

namespace liveops::progression {

namespace {

struct FillIn {
  ports::LedgerEntry& entry;
  const GameBook& book;

  void operator()(core::Progression& payload) const {
    entry.xp = payload.xp;
    entry.score = payload.score;
  }
  void operator()(core::BossKill& payload) const {
    const auto kill = core::resolve_boss_kill(book.bosses(), payload);
    entry.xp = kill.xp;
    entry.score = kill.score;
    entry.boss_kill = std::move(payload.boss_id);
  }
  void operator()(core::DropClaimed& payload) const { entry.drop = std::move(payload); }
};

}  // namespace

ports::LedgerEntry to_ledger_entry(core::Event event, const GameBook& book) {
  ports::LedgerEntry entry;
  entry.event_id = event.id;
  entry.type = core::type_of(event);
  entry.player_id = std::move(event.player_id);
  entry.occurred_at = event.occurred_at;
  entry.received_at = event.received_at;
  entry.season = book.season_at(event.occurred_at);
  entry.payload_json = std::move(event.payload_json);
  std::visit(FillIn{entry, book}, event.payload);
  return entry;
}

}  // namespace liveops::progression
