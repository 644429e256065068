#include "leaderboard/standings_ingest.hpp"

#include "core/envelope.hpp"
#include "leaderboard/contributions.hpp"

namespace liveops::leaderboard {

namespace {

std::vector<ports::RankEntries> entries_of(const std::vector<ports::StandingsSpec>& tables,
                                           const ports::AppliedBatch& applied) {
  std::vector<ports::RankEntries> entries(tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) entries[i].table = tables[i].id;
  for (const auto& row : applied.rows) {
    entries[row.table].entries.push_back(rank_entry(tables[row.table], row.standing));
  }
  std::erase_if(entries, [](const ports::RankEntries& table) { return table.entries.empty(); });
  return entries;
}

}  // namespace

ports::Task<std::vector<runtime::Poison>> StandingsIngest::handle(const std::vector<ports::Delivery>& deliveries) {
  const auto book = boards_.get();
  std::vector<runtime::Poison> poison;
  Contributions contributions(*book);
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    const auto event = core::decode_event(deliveries[i].envelope);
    if (event) {
      contributions.add(*event);
    } else {
      poison.push_back({i, event.error().message});
    }
  }
  const auto counts = contributions.counts();
  auto batch = contributions.take(clock_.now());
  const auto tables = batch.tables;
  const std::size_t events = batch.events.size();
  ports::AppliedBatch applied;
  if (events > 0) {
    auto result = co_await store_.apply(std::move(batch));
    if (!result) co_return std::unexpected(result.error());
    applied = std::move(*result);
    if (auto done = co_await feed_.put(entries_of(tables, applied)); !done) co_return std::unexpected(done.error());
  }
  counters_.undecodable.add(static_cast<double>(poison.size()));
  counters_.ignored.add(static_cast<double>(counts.ignored));
  counters_.clamped.add(static_cast<double>(counts.clamped));
  counters_.late_dropped.add(static_cast<double>(counts.late));
  counters_.late_moved.add(static_cast<double>(counts.moved));
  count(events, applied);
  co_return poison;
}

void StandingsIngest::count(std::size_t events, const ports::AppliedBatch& applied) {
  counters_.duplicates.add(static_cast<double>(applied.duplicates));
  counters_.applied.add(static_cast<double>(events - applied.duplicates));
  counters_.late_dropped.add(static_cast<double>(applied.late));
  counters_.late_moved.add(static_cast<double>(applied.moved));
}

}  // namespace liveops::leaderboard
