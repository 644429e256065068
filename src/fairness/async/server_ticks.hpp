#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fairness/async/peer_sample.hpp"
#include "fairness/async/player.hpp"

namespace liveops::fairness::async {

/// Which types of event a server sends by the clock, whatever the player does. They say nothing of his hand, and
/// between his own events they would spoil the intervals; so each type has a clock of its own, and a type whose
/// intervals are steady for most players is left out of tempo and timing.
class ServerTicks {
 public:
  static void note(TypeClock& clock, std::int64_t occurred_us);
  /// A session has ended.
  void learn(const Player& player, std::uint32_t hour);
  void refresh(std::size_t least_players);

  [[nodiscard]] bool are(std::size_t type) const { return ticks_[type] != 0; }

  void forget(std::uint32_t tag);
  [[nodiscard]] std::size_t bytes() const;
  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  std::array<PeerSample, kTypes> spreads_;  // players' standard deviations of ln(interval)
  std::array<std::uint8_t, kTypes> ticks_{};
};

}  // namespace liveops::fairness::async
