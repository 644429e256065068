#pragma once

#include <vector>

#include "leaderboard/hidden_players.hpp"
#include "ports/rank_index.hpp"
#include "ports/standing_store.hpp"
#include "ports/task.hpp"

namespace liveops::leaderboard {

/// The entry by which a standing is ranked. `spec`: its table, as the rules in force see it.
[[nodiscard]] ports::RankEntry rank_entry(const ports::StandingsSpec& spec, const ports::Standing& standing);

/// Writes standings into the rank index, leaving out hidden players, also those who are hidden meanwhile.
///
/// Threads: any.
class IndexFeed {
 public:
  IndexFeed(ports::RankIndex& index, const HiddenPlayers& hidden) : index_(index), hidden_(hidden) {}

  /// Errors: as RankIndex::put.
  [[nodiscard]] ports::Task<void> put(std::vector<ports::RankEntries> tables);
  /// Errors: as RankIndex::put_rebuild.
  [[nodiscard]] ports::Task<void> put_rebuild(ports::RankEntries entries);

 private:
  void drop_hidden(ports::RankEntries& entries) const;
  /// Whoever was hidden between the check and the write was perhaps removed before the write.
  [[nodiscard]] ports::Task<void> remove_if_hidden(std::vector<core::PlayerId> players);

  ports::RankIndex& index_;
  const HiddenPlayers& hidden_;
};

}  // namespace liveops::leaderboard
