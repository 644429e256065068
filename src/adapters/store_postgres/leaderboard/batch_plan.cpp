#include "adapters/store_postgres/leaderboard/batch_plan.hpp"

#include <algorithm>
#include <tuple>

namespace liveops::adapters::store_postgres::leaderboard {

using ports::StandingBatch;
using ports::StandingsState;

namespace {

RowChange counted(const StandingBatch& batch, std::span<const LockedTable> tables, const ports::Contribution& from,
                  std::uint32_t table, core::Timestamp at) {
  RowChange row{tables[table].row, table, from.event, false, {}};
  const bool last = batch.tables[table].operation.op == core::BoardOperator::last;
  row.gain = core::Mark{from.score, at, last ? batch.events[from.event].id : core::EventId()};
  return row;
}

RowChange reported(std::span<const LockedTable> tables, std::uint32_t event, std::uint32_t table) {
  return {tables[table].row, table, event, true, {}};
}

void merge(const StandingBatch& batch, RowChange& into, const RowChange& other) {
  into.repeated |= other.repeated;
  if (!other.gain) return;
  into.gain = into.gain ? core::join(batch.tables[into.table].operation, *into.gain, *other.gain) : other.gain;
}

}  // namespace

BatchPlan plan_batch(const StandingBatch& batch, std::span<const LockedTable> tables, const std::vector<bool>& fresh) {
  BatchPlan plan;
  std::vector<RowChange> touches;
  touches.reserve(batch.contributions.size());
  for (const auto& from : batch.contributions) {
    const auto state = tables[from.table].state;
    if (!fresh[from.event]) {
      // Applied before, perhaps without reaching the index: report what stands there now.
      if (state != StandingsState::sealed) touches.push_back(reported(tables, from.event, from.table));
      if (from.fallback && tables[from.fallback->table].state != StandingsState::sealed) {
        touches.push_back(reported(tables, from.event, from.fallback->table));
      }
    } else if (state == StandingsState::open) {
      touches.push_back(counted(batch, tables, from, from.table, from.at));
    } else if (from.fallback && tables[from.fallback->table].state == StandingsState::open) {
      touches.push_back(counted(batch, tables, from, from.fallback->table, from.fallback->at));
      ++plan.moved;
    } else {
      ++plan.late;
    }
  }
  const auto key = [&](const RowChange& row) { return std::tie(player_of(batch, row), row.table_row); };
  std::ranges::sort(touches, {}, key);
  for (auto& row : touches) {
    if (plan.rows.empty() || key(plan.rows.back()) != key(row)) {
      plan.rows.push_back(row);
    } else {
      merge(batch, plan.rows.back(), row);
    }
  }
  return plan;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
