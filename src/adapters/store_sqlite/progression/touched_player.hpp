#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/store_sqlite/progression/player_reader.hpp"
#include "ports/progress_store.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// A reward that an event made a player reach.
struct NewlyEarned {
  const ports::RewardThreshold* threshold = nullptr;
  std::optional<core::SeasonId> season;
};

/// A player while a batch is applied: the sums as they become, and what of them must be written.
class TouchedPlayer {
 public:
  explicit TouchedPlayer(PlayerRow row) : row_(std::move(row)) {}

  /// Adds one fresh event's xp and kill; notes the thresholds that were crossed.
  void add(const ports::LedgerEntry& entry, const std::vector<ports::RewardThreshold>& thresholds);
  /// Ends the batch: a player with fresh events becomes a version newer.
  void finish(core::Timestamp now);

  [[nodiscard]] const PlayerRow& row() const { return row_; }
  [[nodiscard]] ports::Progress take_progress() { return std::move(row_.progress); }
  [[nodiscard]] bool changed() const { return changed_; }
  [[nodiscard]] std::size_t saturated() const { return saturated_; }
  [[nodiscard]] const std::vector<NewlyEarned>& earned() const { return earned_; }

  using SeasonSum = std::pair<const core::SeasonId, std::int64_t>;
  using BossSum = std::pair<const core::BossId, std::int64_t>;
  [[nodiscard]] const std::vector<const SeasonSum*>& changed_seasons() const { return changed_seasons_; }
  [[nodiscard]] const std::vector<const BossSum*>& changed_bosses() const { return changed_bosses_; }

 private:
  PlayerRow row_;
  bool changed_ = false;
  std::size_t saturated_ = 0;
  std::vector<NewlyEarned> earned_;
  std::vector<const SeasonSum*> changed_seasons_;  // into row_'s maps, whose nodes do not move
  std::vector<const BossSum*> changed_bosses_;
};

}  // namespace liveops::adapters::store_sqlite::progression
