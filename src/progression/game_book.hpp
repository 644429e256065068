#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/rules.hpp"
#include "core/window_calendar.hpp"
#include "progression/level_curve.hpp"
#include "progression/reward_catalogue.hpp"

namespace liveops::progression {

/// The rules that progression goes by, as they were at one moment.
///
/// Threads: any (const).
class GameBook {
 public:
  /// Errors: `invalid_argument` (seasons or time zone, as WindowCalendar::create).
  [[nodiscard]] static core::Result<std::shared_ptr<const GameBook>> create(const core::GameRules& rules);

  [[nodiscard]] const LevelCurve& levels() const { return levels_; }
  [[nodiscard]] const RewardCatalogue& rewards() const { return rewards_; }
  [[nodiscard]] const std::vector<core::BossRules>& bosses() const { return bosses_; }
  /// nullopt: no season runs at that time.
  [[nodiscard]] std::optional<core::SeasonId> season_at(core::Timestamp at) const;
  /// Errors: `not_found`, with what a season's id looks like.
  [[nodiscard]] core::Result<core::SeasonId> season_named(const std::string& id) const;

 private:
  GameBook(const core::GameRules& rules, core::WindowCalendar calendar);

  LevelCurve levels_;
  RewardCatalogue rewards_;
  std::vector<core::BossRules> bosses_;
  core::WindowCalendar calendar_;
};

/// The book in force. Whoever works by the rules takes the book once and finishes by it.
///
/// Threads: any.
class CurrentBook {
 public:
  explicit CurrentBook(std::shared_ptr<const GameBook> book) : book_(std::move(book)) {}

  [[nodiscard]] std::shared_ptr<const GameBook> get() const {
    const std::lock_guard lock(mutex_);
    return book_;
  }
  void replace(std::shared_ptr<const GameBook> book) {
    const std::lock_guard lock(mutex_);
    book_.swap(book);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const GameBook> book_;
};

}  // namespace liveops::progression
