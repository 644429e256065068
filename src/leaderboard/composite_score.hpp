#pragma once

#include <cstdint>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "ports/standing_store.hpp"

namespace liveops::leaderboard {

/// Packs score and tie slot of one table into one exact integer of 53 bits, the greater the better.
///
/// Tie slot = (achieved_at - opens_at) / step, where step is the least whole number of microseconds that cuts the
/// period into at most 2^T slots, T = 53 - bits(max_score): 31 bits of score leave 22, 20.6 ms in a day. Within a slot
/// the player id decides. Whole microseconds keep the division exact in every store. Requires: max_score
/// within 1..2^43.
class CompositeScore {
 public:
  CompositeScore(core::BoardOrder order, std::int64_t max_score, core::Timestamp opens_at, core::Timestamp closes_at);
  explicit CompositeScore(const ports::StandingsSpec& spec);

  /// 0..2^53-1. Scores outside 0..max_score and times outside the period count as the nearest end.
  [[nodiscard]] std::int64_t pack(std::int64_t score, core::Timestamp achieved_at) const;
  /// The score that was packed.
  [[nodiscard]] std::int64_t score_of(std::int64_t packed) const;

  /// The same order for stores that sort by columns.
  [[nodiscard]] ports::RankOrder rank_order() const { return {order_, opens_at_, step_us_}; }

 private:
  core::BoardOrder order_;
  std::int64_t max_score_;
  core::Timestamp opens_at_;
  int slot_bits_;
  std::int64_t last_slot_;
  std::int64_t step_us_;
};

}  // namespace liveops::leaderboard
