#pragma once

#include <filesystem>
#include <memory>

#include "adapters/sqlite/database.hpp"
#include "ports/revision_store.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_store.hpp"
#include "ports/visibility_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// One file, leaderboard.db, that holds the stores of the leaderboard.
///
/// Threads: any. Requires: no call is under way when it ends.
class LeaderboardStore {
 public:
  /// Opens or makes the file and brings its schema up to date. Errors: as Database::open and migrate.
  [[nodiscard]] static core::Result<std::unique_ptr<LeaderboardStore>> open(const std::filesystem::path& file,
                                                                            sqlite::Database::Options options);
  ~LeaderboardStore();

  [[nodiscard]] ports::StandingStore& standings();
  [[nodiscard]] ports::SnapshotStore& snapshots();
  [[nodiscard]] ports::VisibilityStore& visibility();
  [[nodiscard]] ports::RevisionStore& revisions();

 private:
  struct Stores;
  explicit LeaderboardStore(std::unique_ptr<Stores> stores);
  std::unique_ptr<Stores> stores_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
