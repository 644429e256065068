#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "core/event.hpp"
#include "leaderboard/board_book.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Works out what events bring to which tables, and collects it as one batch. Pure.
///
/// An event counts in the period of its own time; it is late there when it was received after the period's end and the
/// grace. Late events count nowhere, or, by LateRule::current, where they would count had they happened when received.
class Contributions {
 public:
  struct Counts {
    std::uint64_t ignored = 0;  // events that brought nothing
    std::uint64_t late = 0;     // contributions dropped for lateness
    std::uint64_t moved = 0;    // contributions moved to the period of receipt
    std::uint64_t clamped = 0;  // scores above the board's maximum
  };

  /// `book` must outlive this.
  explicit Contributions(const BoardBook& book) : book_(book) {}

  void add(const core::Event& event);

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] ports::StandingBatch take(core::Timestamp now);

 private:
  /// Where an event counts in one window.
  struct Place {
    core::Period period;
    core::Timestamp at;
    std::optional<core::Period> fallback;  // should `period` be closed to events already
    bool moved = false;
  };
  /// nullopt with `late` set: dropped for lateness; without: no period holds that time.
  [[nodiscard]] std::optional<Place> place(core::Window window, const core::Event& event, bool& late) const;
  [[nodiscard]] std::uint32_t table(std::uint32_t board, const core::Period& period);

  const BoardBook& book_;
  ports::StandingBatch batch_;
  Counts counts_;
  std::map<std::tuple<std::uint32_t, core::Window, core::Timestamp>, std::uint32_t> tables_;
};

}  // namespace liveops::leaderboard
