#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fairness/async/bytes.hpp"
#include "fairness/async/reading.hpp"

namespace liveops::fairness::async {

/// What everybody does at once is not the player's doing: a double-XP day, a patch, a slow network. In every quarter of
/// an hour the median of players' distances from their own past is taken off all of them; where it jumps, that quarter
/// counts for nobody. Robust as long as fewer than half of those who play cheat alike.
class CommonMoves {
 public:
  /// One player's mean distance from his own past in this quarter.
  void add(std::size_t stream, float distance) { distances_[stream].push_back(distance); }

  /// The quarter has ended: decides what all had in common, and begins the next.
  void settle();

  /// Of the quarter just settled.
  [[nodiscard]] float of(std::size_t stream) const { return streams_[stream].move; }
  /// It jumped: what happened in this quarter is of no use.
  [[nodiscard]] bool jumped(std::size_t stream) const { return streams_[stream].jumped != 0; }

  void save(Writer& out) const { out.put(streams_); }
  [[nodiscard]] bool restore(Reader& in) { return in.take(streams_); }

 private:
  struct Stream {
    float move = 0;
    std::uint32_t quiet_quarters = 0;  // since enough players were there to tell
    std::uint32_t jumped = 0;
  };
  static void settle(Stream& stream, std::vector<float>& distances);

  std::array<Stream, kStreams> streams_{};
  std::array<std::vector<float>, kStreams> distances_;
};

}  // namespace liveops::fairness::async
