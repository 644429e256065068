#pragma once

#include <string>
#include <vector>

#include "leaderboard/index_rebuild.hpp"
#include "leaderboard/rank_query.hpp"
#include "ports/snapshot_store.hpp"

/// The service's answers as JSON text, written by hand: names hold no character that JSON escapes. Shapes:
/// api/openapi.yaml.
namespace liveops::leaderboard {

[[nodiscard]] std::string view_json(const RankView& view);
/// As `view_json`, with "player_id".
[[nodiscard]] std::string around_json(const RankView& view, const core::PlayerId& player);
/// As `view_json`, with "missing".
[[nodiscard]] std::string list_json(const RankList& list);
[[nodiscard]] std::string player_json(const core::PlayerId& player, const std::vector<PlayerRank>& ranks);
[[nodiscard]] std::string windows_json(core::Timestamp now, const BoardBook& book,
                                       const std::vector<core::Period>& open);
[[nodiscard]] std::string snapshots_json(const std::vector<ports::Snapshot>& snapshots, std::uint64_t offset,
                                         std::size_t limit);
[[nodiscard]] std::string snapshot_json(const ports::Snapshot& snapshot, const std::vector<ports::SnapshotRow>& rows,
                                        std::uint64_t offset, std::size_t limit);
[[nodiscard]] std::string rebuilt_json(const IndexRebuild::Report& report);

}  // namespace liveops::leaderboard
