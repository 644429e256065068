#pragma once

#include "audit/rank_source.hpp"
#include "audit/report.hpp"
#include "audit/table_check.hpp"
#include "audit/table_list.hpp"
#include "ports/standing_books.hpp"

namespace liveops::audit {

/// Reads every open table as players are shown it, from the first to the last place, and compares it with the
/// standings. Memory: a page, and 8 bytes a member of one table.
class RanksAudit {
 public:
  /// All outlive this. `report` says how many standings each table should show.
  RanksAudit(ports::StandingBooks::Reader& standings, RankSource& ranks, const TableList& tables,
             const PlayerSet& hidden, Report& report)
      : standings_(standings), ranks_(ranks), tables_(tables), hidden_(hidden), report_(report) {}

  /// Errors: the reader's and the source's.
  [[nodiscard]] ports::Task<void> run();

 private:
  [[nodiscard]] ports::Task<void> check(const ports::StandingsSpec& table);
  [[nodiscard]] ports::Task<void> read(const ports::StandingsSpec& table, TableCheck& check);
  [[nodiscard]] ports::Task<void> name_missing(const core::StandingsId& table, TableCheck& check);

  ports::StandingBooks::Reader& standings_;
  RankSource& ranks_;
  const TableList& tables_;
  const PlayerSet& hidden_;
  Report& report_;
};

}  // namespace liveops::audit
