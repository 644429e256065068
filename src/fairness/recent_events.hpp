#pragma once

#include <cstdint>
#include <optional>

#include "core/verdict.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// A player's last counted events and what was answered to them.
class RecentEvents {
 public:
  explicit RecentEvents(PlayerState& state) : state_(state) {}

  [[nodiscard]] std::optional<core::VerdictAction> recall(std::uint32_t tag) const {
    for (std::size_t i = 0; i < kRecentEvents; ++i) {
      if (state_.recent[i] == tag) return static_cast<core::VerdictAction>((state_.recent_actions >> (2 * i)) & 3U);
    }
    return std::nullopt;
  }

  /// In place of the oldest, or of the same tag.
  void remember(std::uint32_t tag, core::VerdictAction action) {
    std::size_t place = find(tag);
    if (place == kRecentEvents) {
      place = state_.recent_next;
      state_.recent_next = static_cast<std::uint8_t>((place + 1) % kRecentEvents);
    }
    state_.recent[place] = tag;
    const unsigned cleared = state_.recent_actions & ~(3U << (2 * place));
    state_.recent_actions = static_cast<std::uint16_t>(cleared | (static_cast<unsigned>(action) << (2 * place)));
  }

  void forget(std::uint32_t tag) {
    if (const std::size_t place = find(tag); place < kRecentEvents) state_.recent[place] = 0;
  }

 private:
  [[nodiscard]] std::size_t find(std::uint32_t tag) const {
    std::size_t place = 0;
    while (place < kRecentEvents && state_.recent[place] != tag) ++place;
    return place;
  }

  PlayerState& state_;
};

}  // namespace liveops::fairness
