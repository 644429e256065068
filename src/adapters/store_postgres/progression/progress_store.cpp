#include "adapters/store_postgres/progression/progress_store.hpp"

#include "adapters/store_postgres/progression/batch_writer.hpp"
#include "adapters/store_postgres/progression/player_reader.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Session;

ports::Task<ports::ApplyOutcome> ProgressStore::apply(std::vector<ports::LedgerEntry> entries,
                                                      ports::RewardThresholds thresholds, core::Timestamp now) {
  if (entries.empty()) co_return ports::ApplyOutcome{};
  if (auto ready = co_await database_.ledger_months().prepare(now); !ready) co_return std::unexpected(ready.error());
  KnownPlayers& known = database_.known_players();
  auto outcome = co_await database_.pool().transaction<ports::ApplyOutcome>(
      [&](Session& session) { return write_batch(session, entries, *thresholds, known, now); });
  if (outcome) {
    for (const ports::Progress& progress : outcome->players) known.note(progress.player_id.str());
    co_return outcome;
  }
  // What was remembered of the database may be wrong: look again next time.
  known.forget();
  database_.ledger_months().forget();
  // The only thing that can be in conflict is a month of the ledger that somebody took away.
  if (outcome.error().code == core::Errc::conflict) outcome.error().code = core::Errc::unavailable;
  co_return outcome;
}

ports::Task<ports::Progress> ProgressStore::progress_of(core::PlayerId player) {
  return database_.pool().read<ports::Progress>(
      [player = std::move(player)](Session& session) { return read_progress(session, player); });
}

ports::Task<std::vector<ports::InventoryItem>> ProgressStore::inventory_of(core::PlayerId player) {
  return database_.pool().read<std::vector<ports::InventoryItem>>(
      [player = std::move(player)](Session& session) { return read_inventory(session, player); });
}

ports::Task<std::size_t> ProgressStore::forget_events(core::Timestamp applied_before, std::size_t limit) {
  return database_.pool().transaction<std::size_t>(
      [applied_before, limit](Session& session) { return progression::forget_events(session, applied_before, limit); });
}

}  // namespace liveops::adapters::store_postgres::progression
