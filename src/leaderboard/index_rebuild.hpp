#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

#include "leaderboard/board_book.hpp"
#include "leaderboard/index_feed.hpp"
#include "ports/health.hpp"
#include "ports/rank_index.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Fills the rank index from the store: at start, and when an operator asks for it.
///
/// As a health check it is "ranks": not ready before the first rebuild is done.
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
  /// Errors: `conflict` (a rebuild is running); as the ports: what was finished stays, the old tables serve on.
  [[nodiscard]] ports::Task<Report> run();

  [[nodiscard]] std::string name() const override { return "ranks"; }
  [[nodiscard]] ports::Task<void> check() override;

 private:
  using Specs = std::map<core::StandingsId, ports::StandingsSpec>;
  [[nodiscard]] ports::Task<Report> rebuild_all();
  /// Both arguments outlive the call: it is awaited on the spot.
  [[nodiscard]] ports::Task<void> fill(const Specs& specs, Report& report);
  /// Tables that were sealed while the rebuild ran must not come back.
  [[nodiscard]] ports::Task<void> drop_sealed(const Specs& specs);

  const CurrentBoards& boards_;
  ports::StandingStore& store_;
  ports::RankIndex& index_;
  IndexFeed& feed_;
  const HiddenPlayers& hidden_;
  std::atomic<bool> running_{false};
  std::atomic<bool> ready_{false};
};

}  // namespace liveops::leaderboard
