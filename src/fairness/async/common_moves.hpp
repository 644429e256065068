#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fairness/async/bytes.hpp"
#include "fairness/async/reading.hpp"

namespace liveops::fairness::async {

/// What everybody does at once is not the player's doing: a double-XP day, a patch, a slow network. In every quarter of
/// an hour the median of players' distances from their own past is taken off all of them; where it jumps, or seems to
/// while too few play to tell, that quarter counts for nobody. Robust as long as fewer than half of those who play
/// cheat alike.
class CommonMoves {
 public:
  /// A player's mean distance from his own past in this quarter.
  void add(std::size_t stream, std::uint32_t player_tag, float distance);

  /// The quarter has ended: decides what all had in common, and begins the next.
  void settle();

  /// Of the quarter just settled.
  [[nodiscard]] float of(std::size_t stream) const { return streams_[stream].move; }
  /// It jumped, or may have: what happened in this quarter is of no use.
  [[nodiscard]] bool jumped(std::size_t stream) const { return streams_[stream].jumped != 0; }

  void save(Writer& out) const;
  [[nodiscard]] bool restore(Reader& in);

 private:
  struct Stream {
    float move = 0;
    std::uint32_t quiet_quarters = 0;  // since enough players were there to tell
    std::uint32_t jumped = 0;
  };
  struct Distance {
    std::uint32_t tag = 0;
    float distance = 0;
  };
  void settle(Stream& stream, std::vector<Distance>& distances);

  std::array<Stream, kStreams> streams_{};
  std::array<std::vector<Distance>, kStreams> distances_;  // one a player
  std::vector<float> values_;
};

}  // namespace liveops::fairness::async
