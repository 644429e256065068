#pragma once

#include <memory>

#include "audit/players_audit.hpp"
#include "audit/rank_source.hpp"
#include "audit/report.hpp"
#include "core/time.hpp"
#include "ports/progress_books.hpp"
#include "ports/standing_books.hpp"

namespace liveops::audit {

/// Compares ledger, progress, standings and the ranks as shown.
///
/// Progress is held against the ledger as both were at one moment. Standings and ranks are read at moments of their
/// own: while events are on their way, or the leaderboard has not caught up, differences are to be expected.
class Audit {
 public:
  /// All outlive this. `ranks`: null to leave the ranks out.
  struct Parts {
    ports::ProgressBooks& progress;
    ports::StandingBooks& standings;
    RankSource* ranks = nullptr;
    Rules rules;
    const core::Clock& clock;
  };
  Audit(Parts parts, std::size_t keep_differences) : parts_(parts), keep_differences_(keep_differences) {}

  /// Errors: those of the books and of the ranks: nothing can be said.
  [[nodiscard]] ports::Task<Report> run();

 private:
  [[nodiscard]] ports::Task<void> compare(ports::StandingBooks::Reader& standings, Report& report);
  /// What both sides are read with; outlives the calls.
  struct Scope {
    ports::StandingBooks::Reader& standings;
    const TableList& tables;
    const PlayerSet& hidden;
  };
  [[nodiscard]] ports::Task<void> compare_players(ports::ProgressBooks::Reader& progress, const Scope& scope,
                                                  Report& report);
  [[nodiscard]] ports::Task<PlayerSet> hidden_players(ports::StandingBooks::Reader& standings);

  Parts parts_;
  std::size_t keep_differences_;
};

}  // namespace liveops::audit
