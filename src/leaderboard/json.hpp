#pragma once

#include <string>
#include <vector>

#include "leaderboard/index_rebuild.hpp"
#include "leaderboard/rank_query.hpp"
#include "ports/revision_store.hpp"
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

/// A revision, and what it changed; a first one changed nothing.
struct RevisionView {
  ports::Snapshot snapshot;
  ports::RevisionNote note;
};
[[nodiscard]] std::string revisions_json(const core::StandingsId& table, const std::vector<RevisionView>& revisions,
                                         std::uint64_t offset, std::size_t limit);
/// `promoted`: a page of those whose place got better; "next" when there may be more.
[[nodiscard]] std::string changes_json(const ports::Snapshot& snapshot, const ports::RevisionNote& note,
                                       const std::vector<ports::SnapshotRow>& promoted, std::size_t limit);
[[nodiscard]] std::string rebuilt_json(const IndexRebuild::Report& report);

}  // namespace liveops::leaderboard
