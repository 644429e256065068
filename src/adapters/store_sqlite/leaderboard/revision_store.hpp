#pragma once

#include "adapters/store_sqlite/leaderboard/standing_store.hpp"
#include "ports/revision_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Revisions in SQLite. Looking through sealed rows takes time: it is done on the reading thread.
class RevisionStore final : public ports::RevisionStore {
 public:
  explicit RevisionStore(Connections& connections) : connections_(connections) {}

  ports::Task<bool> look_on() override;
  ports::Task<std::optional<ports::RevisionPlan>> begin() override;
  ports::Task<void> note(core::StandingsId table, int revision, ports::RevisionNote note) override;
  ports::Task<void> finish(core::StandingsId table, int revision) override;
  ports::Task<ports::RevisionNote> note_of(core::StandingsId table, int revision) override;

 private:
  Connections& connections_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
