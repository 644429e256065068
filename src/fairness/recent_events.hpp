#pragma once

#include <cstdint>
#include <optional>

#include "core/verdict.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// A player's last counted events and what was answered to them. Tags are cut to 16 bits: one honest event in 8,192 is
/// taken for a retry, which costs nobody anything but one event of evidence.
class RecentEvents {
 public:
  explicit RecentEvents(PlayerState& state) : state_(state) {}

  [[nodiscard]] std::optional<core::VerdictAction> recall(std::uint32_t tag) const {
    const std::size_t place = find(shorten(tag));
    if (place == kRecentEvents) return std::nullopt;
    return static_cast<core::VerdictAction>((state_.recent_actions >> (2 * place)) & 3U);
  }

  /// In place of the oldest, or of the same tag.
  void remember(std::uint32_t tag, core::VerdictAction action) {
    const std::uint16_t shortened = shorten(tag);
    std::size_t place = find(shortened);
    if (place == kRecentEvents) {
      place = state_.recent_next;
      state_.recent_next = (state_.recent_next + 1U) % kRecentEvents;
    }
    state_.recent[place] = shortened;
    const unsigned cleared = state_.recent_actions & ~(3U << (2 * place));
    state_.recent_actions = static_cast<std::uint16_t>(cleared | (static_cast<unsigned>(action) << (2 * place)));
  }

  void forget(std::uint32_t tag) {
    if (const std::size_t place = find(shorten(tag)); place < kRecentEvents) state_.recent[place] = 0;
  }

 private:
  /// Never 0.
  static std::uint16_t shorten(std::uint32_t tag) {
    const auto folded = static_cast<std::uint16_t>((tag * 0x9E3779B1U) >> 16U);
    return folded == 0 ? 1 : folded;
  }
  [[nodiscard]] std::size_t find(std::uint16_t tag) const {
    std::size_t place = 0;
    while (place < kRecentEvents && state_.recent[place] != tag) ++place;
    return place;
  }

  PlayerState& state_;
};

}  // namespace liveops::fairness
