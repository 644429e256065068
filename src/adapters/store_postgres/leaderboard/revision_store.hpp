#pragma once

#include "adapters/postgres/pool.hpp"
#include "ports/revision_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Revisions in PostgreSQL. Replicas that plan at once get the same plan.
class RevisionStore final : public ports::RevisionStore {
 public:
  /// `pool` outlives this.
  explicit RevisionStore(postgres::Pool& pool) : pool_(pool) {}

  ports::Task<bool> look_on() override;
  ports::Task<std::optional<ports::RevisionPlan>> begin() override;
  ports::Task<void> note(core::StandingsId table, int revision, ports::RevisionNote note) override;
  ports::Task<void> finish(core::StandingsId table, int revision) override;
  ports::Task<ports::RevisionNote> note_of(core::StandingsId table, int revision) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
