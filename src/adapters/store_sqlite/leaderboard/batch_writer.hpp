#pragma once

#include <span>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/leaderboard/player_rows.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Applies batches of contributions, each in one transaction.
///
/// Threads: the database's.
class BatchWriter {
 public:
  explicit BatchWriter(sqlite::Database& database);

  /// See StandingStore::apply.
  [[nodiscard]] core::Result<ports::AppliedBatch> apply(const ports::StandingBatch& batch);

 private:
  struct Table {
    std::int64_t row = 0;
    ports::StandingsState state = ports::StandingsState::open;
  };
  /// A table's row as touched by one event.
  struct Touch {
    std::int64_t table_row = 0;
    std::int64_t player_row = 0;
    const ports::StandingsSpec* spec = nullptr;
    std::uint32_t table = 0;  // index into the batch's tables
    std::uint32_t event = 0;  // index into the batch's events
    bool counts = false;      // false: only to be reported
    core::Mark mark;
  };
  using Touches = std::vector<Touch>;

  [[nodiscard]] core::Result<ports::AppliedBatch> apply_in_transaction(const ports::StandingBatch& batch);
  [[nodiscard]] core::Result<Table> open_table(const ports::StandingsSpec& spec);
  [[nodiscard]] core::Result<std::vector<bool>> note_events(const ports::StandingBatch& batch);
  [[nodiscard]] core::Result<std::vector<std::int64_t>> players_of(const ports::StandingBatch& batch);
  [[nodiscard]] core::Result<Touches> touches_of(const ports::StandingBatch& batch, ports::AppliedBatch& result);
  [[nodiscard]] core::Status write_group(std::span<const Touch> group, const ports::StandingBatch& batch,
                                         ports::AppliedBatch& result);
  [[nodiscard]] core::Status store(const Touch& key, const core::Mark& mark, std::int64_t version);

  sqlite::Database& database_;
  PlayerRows players_;
  sqlite::Statement find_table_;
  sqlite::Statement insert_table_;
  sqlite::Statement note_event_;
  sqlite::Statement find_standing_;
  sqlite::Statement insert_standing_;
  sqlite::Statement update_standing_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
