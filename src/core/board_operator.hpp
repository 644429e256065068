#pragma once

#include <cstdint>

#include "core/ids.hpp"
#include "core/rules.hpp"
#include "core/time.hpp"

namespace liveops::core {

/// What a player holds on a board, or what one event brings to it.
struct Mark {
  std::int64_t score = 0;
  Timestamp achieved_at;
  EventId event;  // `last` boards only: the event the score is from; elsewhere all zero
  friend bool operator==(const Mark&, const Mark&) = default;
};

/// How the marks of one board are joined.
struct BoardOperation {
  BoardOperator op = BoardOperator::best;
  BoardOrder order = BoardOrder::highest;
  std::int64_t max_score = 0;
  friend bool operator==(const BoardOperation&, const BoardOperation&) = default;
};

/// Joins two marks of the same player; commutative and associative, so that the order of arrival does not matter.
///
/// `best`: the better score with its time, the earlier time when equal. `sum`: scores add up (to `max_score` at most),
/// the later time. `last`: the mark with the greater (achieved_at, event).
/// Requires: scores within 0..max_score <= 2^53.
[[nodiscard]] Mark join(const BoardOperation& operation, const Mark& a, const Mark& b);

}  // namespace liveops::core
