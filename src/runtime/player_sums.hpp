#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ports/progress_store.hpp"

namespace liveops::runtime {

/// A reward that an event made a player reach.
struct NewlyEarned {
  const ports::RewardThreshold* threshold = nullptr;
  std::optional<core::SeasonId> season;
};

/// A player while a store applies a batch: the sums as they become, and what of them must be written.
class PlayerSums {
 public:
  explicit PlayerSums(ports::Progress progress) : progress_(std::move(progress)) {}

  /// Adds one fresh event's xp and kill; notes the thresholds that were crossed, which must live on.
  void add(const ports::LedgerEntry& entry, const std::vector<ports::RewardThreshold>& thresholds);
  /// Ends the batch: a player with fresh events becomes a version newer.
  void finish(core::Timestamp now);

  [[nodiscard]] const ports::Progress& progress() const { return progress_; }
  [[nodiscard]] ports::Progress take_progress() { return std::move(progress_); }
  /// There was a fresh event.
  [[nodiscard]] bool changed() const { return changed_; }
  /// Additions that stopped at ports::kMaxSum.
  [[nodiscard]] std::size_t saturated() const { return saturated_; }
  [[nodiscard]] const std::vector<NewlyEarned>& earned() const { return earned_; }

  using SeasonSum = std::pair<const core::SeasonId, std::int64_t>;
  using BossSum = std::pair<const core::BossId, std::int64_t>;
  [[nodiscard]] const std::vector<const SeasonSum*>& changed_seasons() const { return changed_seasons_; }
  [[nodiscard]] const std::vector<const BossSum*>& changed_bosses() const { return changed_bosses_; }

 private:
  ports::Progress progress_;
  bool changed_ = false;
  std::size_t saturated_ = 0;
  std::vector<NewlyEarned> earned_;
  std::vector<const SeasonSum*> changed_seasons_;  // into progress_'s maps, whose nodes do not move
  std::vector<const BossSum*> changed_bosses_;
};

/// Does the progress reach the threshold now? `season`: the one that a season_xp threshold is about.
[[nodiscard]] bool reaches(const ports::Progress& progress, const ports::RewardThreshold& threshold,
                           const std::optional<core::SeasonId>& season);

}  // namespace liveops::runtime
