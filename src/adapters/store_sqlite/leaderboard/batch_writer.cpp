#include "adapters/store_sqlite/leaderboard/batch_writer.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "core/crypto/digest.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

using ports::AppliedBatch;
using ports::StandingBatch;
using ports::StandingsState;

namespace {

std::int64_t day_of(core::Timestamp time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

core::EventId event_from(std::string_view blob) {
  core::EventId::Bytes bytes{};
  std::ranges::copy(blob.substr(0, bytes.size()), bytes.begin());
  return core::EventId(bytes);
}

}  // namespace

BatchWriter::BatchWriter(sqlite::Database& database)
    : database_(database),
      players_(database),
      find_table_(database.prepare(
          "SELECT id, state FROM standings_tables WHERE board = ?1 AND time_window = ?2 AND period = ?3")),
      insert_table_(database.prepare("INSERT INTO standings_tables(board, time_window, period, operator, direction, "
                                     "max_score, opens_at, closes_at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)")),
      note_event_(database.prepare("INSERT INTO inbox(event_id, noted_day) VALUES(?1,?2) ON CONFLICT DO NOTHING")),
      find_standing_(database.prepare(
          "SELECT score, achieved_at, version, event FROM standings WHERE table_id = ?1 AND player = ?2")),
      insert_standing_(database.prepare(
          "INSERT INTO standings(table_id, player, score, achieved_at, version, event) VALUES(?1,?2,?3,?4,?5,?6)")),
      update_standing_(database.prepare("UPDATE standings SET score = ?3, achieved_at = ?4, version = ?5, event = ?6 "
                                        "WHERE table_id = ?1 AND player = ?2")) {}

core::Result<AppliedBatch> BatchWriter::apply(const StandingBatch& batch) {
  auto result = apply_in_transaction(batch);
  if (!result) players_.forget();
  return result;
}

core::Result<AppliedBatch> BatchWriter::apply_in_transaction(const StandingBatch& batch) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  AppliedBatch result;
  auto touches = touches_of(batch, result);
  if (!touches) return std::unexpected(touches.error());
  const auto key = [](const Touch& touch) { return std::pair(touch.player_row, touch.table_row); };
  std::ranges::sort(*touches, {}, key);
  for (std::span<const Touch> rest = *touches; !rest.empty();) {
    const auto end = std::ranges::find_if(rest, [&](const Touch& touch) { return key(touch) != key(rest.front()); });
    const auto size = static_cast<std::size_t>(end - rest.begin());
    if (auto done = write_group(rest.first(size), batch, result); !done) return std::unexpected(done.error());
    rest = rest.subspan(size);
  }
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return result;
}

core::Result<BatchWriter::Table> BatchWriter::open_table(const ports::StandingsSpec& spec) {
  bind_id(find_table_, 1, spec.id);
  const auto found = find_table_.step();
  if (!found) return std::unexpected(found.error());
  if (*found) {
    const Table table{find_table_.int64(0), static_cast<StandingsState>(find_table_.int64(1))};
    find_table_.reset();
    return table;
  }
  find_table_.reset();
  bind_id(insert_table_, 1, spec.id);
  insert_table_.bind(4, number(spec.operation.op)).bind(5, number(spec.operation.order));
  insert_table_.bind(6, spec.operation.max_score).bind(7, to_us(spec.opens_at)).bind(8, to_us(spec.closes_at));
  if (auto done = insert_table_.run(); !done) return std::unexpected(done.error());
  return Table{database_.last_insert_rowid(), StandingsState::open};
}

core::Result<std::vector<bool>> BatchWriter::note_events(const StandingBatch& batch) {
  std::vector<std::uint32_t> order(batch.events.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t index) { return std::pair(batch.events[index].id, index); });
  std::vector<bool> fresh(batch.events.size());
  for (const std::uint32_t index : order) {
    note_event_.bind_blob(1, core::crypto::as_bytes(batch.events[index].id.bytes())).bind(2, day_of(batch.now));
    if (auto done = note_event_.run(); !done) return std::unexpected(done.error());
    fresh[index] = database_.changes() == 1;
  }
  return fresh;
}

core::Result<std::vector<std::int64_t>> BatchWriter::players_of(const StandingBatch& batch) {
  std::vector<std::int64_t> rows;
  rows.reserve(batch.events.size());
  for (const auto& event : batch.events) {
    const auto row = players_.row_of(event.player.str());
    if (!row) return std::unexpected(row.error());
    rows.push_back(*row);
  }
  return rows;
}

core::Result<BatchWriter::Touches> BatchWriter::touches_of(const StandingBatch& batch, AppliedBatch& result) {
  std::vector<Table> tables;
  tables.reserve(batch.tables.size());
  for (const auto& spec : batch.tables) {
    auto table = open_table(spec);
    if (!table) return std::unexpected(table.error());
    tables.push_back(*table);
  }
  const auto fresh = note_events(batch);
  if (!fresh) return std::unexpected(fresh.error());
  const auto players = players_of(batch);
  if (!players) return std::unexpected(players.error());
  result.duplicates = static_cast<std::uint64_t>(std::ranges::count(*fresh, false));

  Touches touches;
  touches.reserve(batch.contributions.size());
  const auto touch = [&](const ports::Contribution& from, std::uint32_t table, core::Timestamp at, bool counts) {
    const auto& spec = batch.tables[table];
    const bool last = spec.operation.op == core::BoardOperator::last;
    const core::EventId event = last ? batch.events[from.event].id : core::EventId();
    touches.push_back(
        {tables[table].row, (*players)[from.event], &spec, table, from.event, counts, {from.score, at, event}});
  };
  for (const auto& from : batch.contributions) {
    if (!(*fresh)[from.event]) {
      // Applied before, perhaps without reaching the index: report what stands there now.
      if (tables[from.table].state != StandingsState::sealed) touch(from, from.table, from.at, false);
      if (from.fallback && tables[from.fallback->table].state != StandingsState::sealed) {
        touch(from, from.fallback->table, from.fallback->at, false);
      }
    } else if (tables[from.table].state == StandingsState::open) {
      touch(from, from.table, from.at, true);
    } else if (from.fallback && tables[from.fallback->table].state == StandingsState::open) {
      touch(from, from.fallback->table, from.fallback->at, true);
      ++result.moved;
    } else {
      ++result.late;
    }
  }
  return touches;
}

core::Status BatchWriter::write_group(std::span<const Touch> group, const StandingBatch& batch, AppliedBatch& result) {
  const Touch& key = group.front();
  const auto found = find_standing_.bind(1, key.table_row).bind(2, key.player_row).step();
  if (!found) return std::unexpected(found.error());
  std::optional<core::Mark> before;
  std::int64_t version = 0;
  if (*found) {
    before = core::Mark{find_standing_.int64(0), from_us(find_standing_.int64(1)), event_from(find_standing_.blob(3))};
    version = find_standing_.int64(2);
  }
  find_standing_.reset();
  std::optional<core::Mark> after = before;
  bool report = false;
  for (const Touch& touch : group) {
    report |= !touch.counts;
    if (touch.counts) after = after ? core::join(key.spec->operation, *after, touch.mark) : touch.mark;
  }
  if (!after) return {};
  if (after != before) {
    if (auto done = store(key, *after, ++version); !done) return done;
    report = true;
  }
  if (report) {
    result.rows.push_back(
        {key.table,
         {batch.events[key.event].player, after->score, after->achieved_at, static_cast<std::uint32_t>(version)}});
  }
  return {};
}

core::Status BatchWriter::store(const Touch& key, const core::Mark& mark, std::int64_t version) {
  sqlite::Statement& statement = version == 1 ? insert_standing_ : update_standing_;
  statement.bind(1, key.table_row).bind(2, key.player_row).bind(3, mark.score).bind(4, to_us(mark.achieved_at));
  statement.bind(5, version);
  if (key.spec->operation.op == core::BoardOperator::last) {
    statement.bind_blob(6, core::crypto::as_bytes(mark.event.bytes()));
  } else {
    statement.bind_null(6);
  }
  return statement.run();
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
