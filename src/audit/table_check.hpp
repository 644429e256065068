#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "audit/differences.hpp"
#include "audit/rank_source.hpp"
#include "leaderboard/composite_score.hpp"
#include "ports/standing_books.hpp"

namespace liveops::audit {

using PlayerSet = std::unordered_set<core::PlayerId>;

/// Holds a table as it is shown, page after page, against the standings it is made from: the same values, nobody who is
/// hidden, nobody twice, in order, with ranks that leave no gap. Pure. Memory: 8 bytes a member.
class TableCheck {
 public:
  /// `table`: as the rules in force see it. `hidden` and `differences` outlive this.
  TableCheck(const ports::StandingsSpec& table, const PlayerSet& hidden, Differences& differences);

  /// The next page; `held`: what the store holds for its players, in any order.
  void add(const RankedPage& page, std::vector<ports::HeldStanding> held);
  /// After the last page.
  void finish();

  /// Members that belong there. Requires: finished.
  [[nodiscard]] std::uint64_t members() const { return members_; }
  /// Requires: finished.
  [[nodiscard]] bool lists(const core::PlayerId& player) const;
  /// For a standing that is not shown.
  void add_missing(const core::PlayerId& player, const core::Mark& mark);

 private:
  void check_place(const RankedEntry& entry);
  /// True: it is the player's, though perhaps with another value.
  bool check_value(const RankedEntry& entry, const std::vector<ports::HeldStanding>& held);
  void differ(const RankedEntry& entry, const char* what, std::string expected, std::string found);

  std::string name_;
  std::int64_t max_score_;
  leaderboard::CompositeScore composite_;
  const PlayerSet& hidden_;
  Differences& differences_;

  struct Place {
    std::int64_t key = 0;
    core::PlayerId player;
  };
  std::optional<Place> last_;
  std::uint64_t ranked_ = 0;
  std::uint64_t members_ = 0;
  std::vector<std::size_t> listed_;  // hashes of those who belong there; sorted when finished
};

}  // namespace liveops::audit
