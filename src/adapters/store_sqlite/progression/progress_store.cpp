#include "adapters/store_sqlite/progression/progress_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

using ReadSide = ProgressionDatabase::ReadSide;
using WriteSide = ProgressionDatabase::WriteSide;

ports::Task<ports::ApplyOutcome> ProgressStore::apply(std::vector<ports::LedgerEntry> entries,
                                                      ports::RewardThresholds thresholds, core::Timestamp now) {
  return database_.write([entries = std::move(entries), thresholds = std::move(thresholds), now](WriteSide& side) {
    return side.batches.apply(entries, *thresholds, now);
  });
}

ports::Task<ports::Progress> ProgressStore::progress_of(core::PlayerId player) {
  return database_.read([player = std::move(player)](ReadSide& side) -> core::Result<ports::Progress> {
    auto row = side.players.require(player);
    if (!row) return std::unexpected(row.error());
    return std::move(row->progress);
  });
}

ports::Task<std::vector<ports::InventoryItem>> ProgressStore::inventory_of(core::PlayerId player) {
  return database_.read(
      [player = std::move(player)](ReadSide& side) -> core::Result<std::vector<ports::InventoryItem>> {
        const auto row = side.players.require(player);
        if (!row) return std::unexpected(row.error());
        return side.players.items(row->key);
      });
}

ports::Task<std::size_t> ProgressStore::forget_events(core::Timestamp applied_before, std::size_t limit) {
  return database_.write(
      [applied_before, limit](WriteSide& side) { return side.batches.forget_events(applied_before, limit); });
}

}  // namespace liveops::adapters::store_sqlite::progression
