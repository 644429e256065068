#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "audit/differences.hpp"
#include "audit/table_list.hpp"
#include "leaderboard/contributions.hpp"
#include "ports/standing_books.hpp"

namespace liveops::audit {

/// What became of events beside the standings they made.
struct StandingsNotes {
  std::uint64_t late = 0;           // contributions that count nowhere by the late rule
  std::uint64_t moved = 0;          // contributions that count in the period of receipt by the late rule
  std::uint64_t clamped = 0;        // scores above the board's maximum
  std::uint64_t in_sealed = 0;      // contributions to periods that are sealed by now
  std::uint64_t after_sealing = 0;  // standings that hold what came for a period already sealed
};

/// What the ledger says of one player's standings, to be held against those stored. Pure.
///
/// Works by leaderboard::Contributions and core::join, as the leaderboard does. One thing the ledger does not know:
/// when the leaderboard took an event that was received within the grace of a period which is sealed by now. It counted
/// there, or, when it came after the seal (a dead letter that was handed out again), in the period of receipt, if the
/// late rule says so. What a standing holds is right when it is what some choice among such events gives.
class StandingsAccount {
 public:
  /// Both outlive this.
  StandingsAccount(const leaderboard::BoardBook& book, const TableList& tables);

  void add(const core::Event& event);

  /// Names every standing that is not what the ledger's events make; `held`: the player's rows in tables that are not
  /// sealed. Call once, at the end.
  void compare(const core::PlayerId& player, const std::vector<ports::HeldStanding>& held, StandingsNotes& notes,
               Differences& differences);

 private:
  struct Expected {
    core::BoardOperation operation;
    std::optional<core::Mark> mark;
    std::vector<core::Mark> perhaps;  // each may count besides
  };
  void fold();
  void gain(const ports::StandingsSpec& table, const core::Mark& mark);
  [[nodiscard]] static bool explains(const Expected& expected, const core::Mark& found);

  const TableList& tables_;
  leaderboard::Contributions contributions_;
  std::size_t unfolded_ = 0;
  std::uint64_t in_sealed_ = 0;
  std::map<core::StandingsId, Expected> expected_;
};

}  // namespace liveops::audit
