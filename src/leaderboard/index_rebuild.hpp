#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "leaderboard/board_book.hpp"
#include "leaderboard/index_feed.hpp"
#include "ports/health.hpp"
#include "ports/rank_index.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Fills the rank index from the store: at start, when an operator asks for it, and when the index was lost.
///
/// As a health check it is "ranks": ready while the index is complete.
/// Threads: any.
class IndexRebuild final : public ports::HealthCheck {
 public:
  struct Report {
    std::uint64_t tables = 0;
    std::uint64_t standings = 0;  // rows read
    std::uint64_t hidden = 0;     // of them, left out
  };

  IndexRebuild(const CurrentBoards& boards, ports::StandingStore& store, ports::RankIndex& index, IndexFeed& feed,
               const HiddenPlayers& hidden)
      : boards_(boards), store_(store), index_(index), feed_(feed), hidden_(hidden) {}

  /// Rebuilds every table that is not sealed, beside the one that is read; ingest may go on.
  /// Errors: `conflict` (a rebuild is running, here or in another replica); as the ports: what was finished stays, the
  /// old tables serve on. After an error `watch` tries again.
  [[nodiscard]] ports::Task<Report> run();

  /// Rebuilds if the index was lost or an earlier rebuild failed (gives its report), else drops tables of periods that
  /// were sealed and came back, by a late put of another replica. To be called every second or so. Errors: as the
  /// ports; call again later.
  [[nodiscard]] ports::Task<std::optional<Report>> watch();

  [[nodiscard]] std::string name() const override { return "ranks"; }
  [[nodiscard]] ports::Task<void> check() override;

 private:
  using Specs = std::map<core::StandingsId, ports::StandingsSpec>;
  [[nodiscard]] ports::Task<Report> rebuild_all();
  [[nodiscard]] ports::Task<Specs> begin();
  /// Both arguments outlive the call: it is awaited on the spot.
  [[nodiscard]] ports::Task<void> fill(const Specs& specs, Report& report);
  /// All arguments outlive the call: it is awaited on the spot.
  [[nodiscard]] ports::Task<void> put_page(const std::vector<ports::StandingStore::TableRow>& page, const Specs& specs,
                                           Report& report);
  /// Drops what the index holds and the store has sealed.
  [[nodiscard]] ports::Task<void> drop_sealed();

  const CurrentBoards& boards_;
  ports::StandingStore& store_;
  ports::RankIndex& index_;
  IndexFeed& feed_;
  const HiddenPlayers& hidden_;
  std::atomic<bool> running_{false};
  std::atomic<bool> wanted_{false};  // one was asked for and has not been done
};

}  // namespace liveops::leaderboard
