#pragma once

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/leaderboard/sweeping.hpp"
#include "ports/standing_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Standings in PostgreSQL.
class StandingStore final : public ports::StandingStore {
 public:
  /// `pool` outlives this.
  explicit StandingStore(postgres::Pool& pool) : pool_(pool) {}

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
  postgres::Pool& pool_;
  PurgeRound purge_;
  ForgetRound forget_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
