#include "adapters/store_sqlite/leaderboard/leaderboard_store.hpp"

#include "adapters/sqlite/migrations.hpp"
#include "adapters/store_sqlite/leaderboard/revision_store.hpp"
#include "adapters/store_sqlite/leaderboard/schema.hpp"
#include "adapters/store_sqlite/leaderboard/snapshot_store.hpp"
#include "adapters/store_sqlite/leaderboard/standing_store.hpp"
#include "adapters/store_sqlite/leaderboard/visibility_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

struct LeaderboardStore::Stores {
  Stores(sqlite::Database writer, sqlite::Database reader)
      : connections{std::move(writer), std::move(reader), sqlite::Worker("lb-write"), sqlite::Worker("lb-read")} {}
  Connections connections;
  StandingStore standings{connections};
  SnapshotStore snapshots{connections};
  VisibilityStore visibility{connections};
  RevisionStore revisions{connections};
};

core::Result<std::unique_ptr<LeaderboardStore>> LeaderboardStore::open(const std::filesystem::path& file,
                                                                       sqlite::Database::Options options) {
  auto writer = sqlite::Database::open(file, options);
  if (!writer) return std::unexpected(writer.error());
  if (auto done = sqlite::migrate(*writer, leaderboard_migrations()); !done) return std::unexpected(done.error());
  auto reader = sqlite::Database::open(file, options);
  if (!reader) return std::unexpected(reader.error());
  return std::unique_ptr<LeaderboardStore>(
      new LeaderboardStore(std::make_unique<Stores>(std::move(*writer), std::move(*reader))));
}

LeaderboardStore::LeaderboardStore(std::unique_ptr<Stores> stores) : stores_(std::move(stores)) {}
LeaderboardStore::~LeaderboardStore() = default;

ports::StandingStore& LeaderboardStore::standings() {
  return stores_->standings;
}
ports::SnapshotStore& LeaderboardStore::snapshots() {
  return stores_->snapshots;
}
ports::VisibilityStore& LeaderboardStore::visibility() {
  return stores_->visibility;
}
ports::RevisionStore& LeaderboardStore::revisions() {
  return stores_->revisions;
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
