#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "leaderboard/board_book.hpp"
#include "leaderboard/counters.hpp"
#include "leaderboard/duty.hpp"
#include "leaderboard/hidden_players.hpp"
#include "leaderboard/index_feed.hpp"
#include "leaderboard/index_rebuild.hpp"
#include "leaderboard/page_cache.hpp"
#include "leaderboard/rank_query.hpp"
#include "leaderboard/reviser.hpp"
#include "leaderboard/sealer.hpp"
#include "leaderboard/snapshot_seal.hpp"
#include "leaderboard/snapshotter.hpp"
#include "leaderboard/standings_ingest.hpp"
#include "leaderboard/sweep.hpp"
#include "leaderboard/visibility.hpp"
#include "ports/lease.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/revision_store.hpp"

namespace liveops::leaderboard {

/// What the service stands on; all of it outlives the service.
struct Dependencies {
  ports::StandingStore& standings;
  ports::SnapshotStore& snapshots;
  ports::VisibilityStore& visibility;
  ports::RevisionStore& revisions;
  ports::RankIndex& index;
  ports::Leases& leases;  // among the processes that share the stores
  const core::Clock& clock;
  ports::Metrics& metrics;
  ports::Log& log;
  std::chrono::days inbox_retention{15};  // how long an event id is known again
};

/// The leaderboard service, put together: events and verdicts in; ranks, snapshots and sealed periods out.
///
/// Order: `load` before the port opens and before ingest starts; then the consumers of both topics; then the periodic
/// tasks. Threads: any. Requires: executors of callers have stopped before it is destroyed.
class Leaderboard {
 public:
  /// `snapshot_secret`: signs snapshots.
  Leaderboard(std::shared_ptr<const BoardBook> book, std::string_view snapshot_secret, Dependencies with);

  /// Reads who is blocked and fills the rank index; if another replica is filling it, `upkeep` sees to it. Errors: as
  /// the ports.
  [[nodiscard]] ports::Task<IndexRebuild::Report> load();

  [[nodiscard]] StandingsIngest& ingest() { return ingest_; }     // `handle`: Topic::events
  [[nodiscard]] Visibility& visibility() { return visibility_; }  // `handle`: Topic::verdicts; `show_expired`
  [[nodiscard]] Sealer& sealer() { return sealer_; }
  [[nodiscard]] Reviser& reviser() { return reviser_; }
  [[nodiscard]] Snapshotter& snapshotter() { return snapshotter_; }
  [[nodiscard]] Sweep& sweep() { return sweep_; }
  [[nodiscard]] IndexRebuild& rebuild() { return rebuild_; }  // also a health check
  [[nodiscard]] RankQuery& query() { return query_; }
  [[nodiscard]] PageCache& pages() { return pages_; }
  [[nodiscard]] Counters& counters() { return counters_; }
  [[nodiscard]] const Dependencies& with() const { return with_; }
  [[nodiscard]] std::shared_ptr<const BoardBook> book() const { return boards_.get(); }

  /// One round of everything that is due: blocks that other replicas were told of, a rank index that was lost, ended
  /// blocks; and, in the one process that has the duty, sealing, revisions, snapshots, clearing up. To be called every
  /// second or so; what fails is logged and tried again the next time.
  [[nodiscard]] boost::asio::awaitable<void> upkeep(CaughtUp caught_up);

  /// After the last `upkeep`: another process need not wait until the duty's term has ended.
  [[nodiscard]] boost::asio::awaitable<void> resign();

  /// From now on these rules are in force; requests and batches in hand finish by the old ones. Call `rebuild().run()`
  /// afterwards when a board's order or max_score, or the windows, are others.
  void replace_rules(std::shared_ptr<const BoardBook> book) { boards_.replace(std::move(book)); }

 private:
  boost::asio::awaitable<void> watch_index();
  boost::asio::awaitable<bool> take_duty();
  /// Once when it is new, then every `kRepeat` while it lasts: upkeep comes every second.
  void log_failure(const std::string& what, const core::Error& error);

  static constexpr std::chrono::seconds kRepeat{30};
  struct Told {
    std::string message;
    core::Timestamp at;
  };

  Dependencies with_;
  CurrentBoards boards_;
  Counters counters_;
  SnapshotSigner signer_;
  HiddenPlayers hidden_;
  IndexFeed feed_;
  StandingsIngest ingest_;
  Visibility visibility_;
  IndexRebuild rebuild_;
  Duty duty_;
  Sealer sealer_;
  Reviser reviser_;
  Snapshotter snapshotter_;
  Sweep sweep_;
  RankQuery query_;
  PageCache pages_;
  std::map<std::string, Told> told_;  // by task; of upkeep, which is called by one
};

}  // namespace liveops::leaderboard
