#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/rules.hpp"
#include "core/window_calendar.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// The rules that the leaderboard goes by, as they were at one moment.
///
/// Threads: any (const).
class BoardBook {
 public:
  /// Errors: `invalid_argument` (no board, unknown source field, seasons or time zone as WindowCalendar::create).
  [[nodiscard]] static core::Result<std::shared_ptr<const BoardBook>> create(const core::GameRules& rules);

  [[nodiscard]] const std::vector<core::BoardRules>& boards() const { return boards_; }
  /// Null: no such board.
  [[nodiscard]] const core::BoardRules* find(std::string_view board) const;
  [[nodiscard]] const core::WindowCalendar& calendar() const { return calendar_; }
  [[nodiscard]] const core::WindowRules& windows() const { return windows_; }

  /// Indexes into `boards` of those that take events of this type.
  [[nodiscard]] const std::vector<std::uint32_t>& boards_for(core::EventType type) const;

  /// What `event` brings to board number `board`, not yet clamped; nullopt: it does not count there.
  [[nodiscard]] std::optional<std::int64_t> score_of(std::uint32_t board, const core::Event& event) const;

  [[nodiscard]] ports::StandingsSpec spec(const core::BoardRules& board, const core::Period& period) const;
  /// A stored table as the rules in force see it; as it was stored where they know its board or period no more.
  [[nodiscard]] ports::StandingsSpec in_force(ports::StandingsSpec stored) const;

 private:
  enum class Source : std::uint8_t { score, xp, duration_ms, quantity, count };
  BoardBook(const core::GameRules& rules, core::WindowCalendar calendar, std::vector<Source> sources);
  [[nodiscard]] static std::optional<Source> parse_source(std::string_view text);

  std::vector<core::BoardRules> boards_;
  std::vector<core::BossRules> bosses_;
  core::WindowRules windows_;
  core::WindowCalendar calendar_;
  std::vector<Source> sources_;  // of `boards_`
  std::array<std::vector<std::uint32_t>, core::kEventTypes> by_type_;
};

/// The book in force. Whoever works by the rules takes the book once and finishes by it.
///
/// Threads: any.
class CurrentBoards {
 public:
  explicit CurrentBoards(std::shared_ptr<const BoardBook> book) : book_(std::move(book)) {}

  [[nodiscard]] std::shared_ptr<const BoardBook> get() const {
    const std::lock_guard lock(mutex_);
    return book_;
  }
  void replace(std::shared_ptr<const BoardBook> book) {
    const std::lock_guard lock(mutex_);
    book_.swap(book);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const BoardBook> book_;
};

}  // namespace liveops::leaderboard
