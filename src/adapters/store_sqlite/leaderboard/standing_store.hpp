#pragma once

#include <string>

#include "adapters/sqlite/database.hpp"
#include "adapters/sqlite/worker.hpp"
#include "adapters/store_sqlite/leaderboard/batch_writer.hpp"
#include "adapters/store_sqlite/leaderboard/sealing.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Where the stores of one file do their work.
struct Connections {
  sqlite::Database writer;
  sqlite::Database reader;
  sqlite::Worker write_thread;
  sqlite::Worker read_thread;
};

/// Standings in SQLite. Writes run on the one write thread, reads on another: neither waits for the other (WAL).
class StandingStore final : public ports::StandingStore {
 public:
  explicit StandingStore(Connections& connections);

  ports::Task<ports::AppliedBatch> apply(ports::StandingBatch batch) override;
  ports::Task<std::vector<ports::StandingsInfo>> tables(bool unsealed_only) override;
  ports::Task<std::vector<TableRow>> scan(std::string after, std::size_t limit) override;
  ports::Task<std::vector<PlayerRow>> standings_of(std::vector<core::PlayerId> players) override;
  ports::Task<void> begin_seal(core::StandingsId table, core::Timestamp now) override;
  ports::Task<std::unique_ptr<ports::RankedRows>> ranked(core::StandingsId table, ports::RankOrder order) override;
  ports::Task<void> finish_seal(core::StandingsId table) override;
  ports::Task<std::uint64_t> purge_sealed(std::size_t limit) override;
  ports::Task<std::uint64_t> forget_events(core::Timestamp before, std::size_t limit) override;

 private:
  Connections& connections_;
  BatchWriter batches_;
  PurgeRound purge_;          // write thread only
  std::string forget_after_;  // write thread only: where the round through the inbox stands
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
