#pragma once

#include <map>
#include <mutex>
#include <string>

#include "core/standings_id.hpp"

namespace liveops::adapters::redis::leaderboard {

/// The lives of tables that this process has seen in the current epoch. A table that was seen and lives on has not been
/// lost since, so that nothing else need be asked.
///
/// Bounded by the number of tables that are not sealed. Threads: any.
class KnownTables {
 public:
  [[nodiscard]] bool contains(const std::string& epoch, const core::StandingsId& table) const {
    const std::lock_guard lock(mutex_);
    return epoch == epoch_ && lives_.contains(table);
  }
  [[nodiscard]] bool lives(const std::string& epoch, const core::StandingsId& table, const std::string& born) const {
    const std::lock_guard lock(mutex_);
    const auto found = lives_.find(table);
    return epoch == epoch_ && found != lives_.end() && found->second == born;
  }
  /// Another epoch than before: what was known is forgotten.
  void learn(const std::string& epoch, const core::StandingsId& table, std::string born) {
    const std::lock_guard lock(mutex_);
    if (epoch != epoch_) lives_.clear();
    epoch_ = epoch;
    lives_.insert_or_assign(table, std::move(born));
  }
  void forget(const core::StandingsId& table) {
    const std::lock_guard lock(mutex_);
    lives_.erase(table);
  }

 private:
  mutable std::mutex mutex_;
  std::string epoch_;
  std::map<core::StandingsId, std::string> lives_;
};

}  // namespace liveops::adapters::redis::leaderboard
