#pragma once

#include <cstdint>
#include <map>

#include "audit/differences.hpp"
#include "audit/standings_account.hpp"
#include "core/standings_id.hpp"

namespace liveops::audit {

/// What one comparison saw.
struct Report {
  explicit Report(std::size_t keep_differences = 0) : differences(keep_differences) {}

  std::uint64_t events = 0;   // rows of the ledger
  std::uint64_t players = 0;  // whom the ledger or progression knows
  std::uint64_t drops = 0;    // granted
  std::uint64_t standings = 0;
  std::uint64_t hidden_standings = 0;  // of blocked players, who are not shown
  std::uint64_t members = 0;           // places shown by the leaderboard

  std::uint64_t tables = 0;  // compared with the ledger
  std::uint64_t sealed_tables = 0;
  std::uint64_t tables_being_sealed = 0;
  std::uint64_t unruled_tables = 0;   // of boards or periods that the rules do not know
  std::uint64_t unopened_tables = 0;  // of periods that have not begun: not shown yet
  bool ranks_compared = false;

  StandingsNotes notes;
  std::map<core::StandingsId, std::uint64_t> shown;  // standings that the leaderboard should show, by table

  Differences differences;
};

}  // namespace liveops::audit
