#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fairness/async/bytes.hpp"
#include "fairness/async/reading.hpp"

namespace liveops::fairness::async {

/// The usual ln(amount) of each kind of award, so that a player who turns to another boss does not seem another player.
/// Learnt from a kind's first events and then left as it is: what all players do later is `CommonMoves`' business.
/// At most 512 kinds; further ones share.
class KindLevels {
 public:
  KindLevels() : kinds_(kPlaces) {}

  /// How far the award is above its kind's level; learns from it.
  [[nodiscard]] float above_level(const Award& award);

  void save(Writer& out) const { out.put_list(kinds_); }
  [[nodiscard]] bool restore(Reader& in) { return in.take_list(kinds_, kPlaces) && kinds_.size() == kPlaces; }
  [[nodiscard]] std::size_t bytes() const { return kPlaces * sizeof(Kind); }

 private:
  static constexpr std::size_t kPlaces = 512;
  static constexpr std::uint32_t kLearned = 500;  // events
  struct Kind {
    float level = 0;
    std::uint32_t events = 0;
  };
  std::vector<Kind> kinds_;
};

}  // namespace liveops::fairness::async
