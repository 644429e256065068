#include "core/board_operator.hpp"

#include <algorithm>
#include <tuple>

namespace liveops::core {

namespace {

Mark better(BoardOrder order, const Mark& a, const Mark& b) {
  if (a.score == b.score) return a.achieved_at <= b.achieved_at ? a : b;
  return (a.score > b.score) == (order == BoardOrder::highest) ? a : b;
}

}  // namespace

Mark join(const BoardOperation& operation, const Mark& a, const Mark& b) {
  switch (operation.op) {
    case BoardOperator::best:
      return better(operation.order, a, b);
    case BoardOperator::sum:
      return {std::min(a.score + b.score, operation.max_score), std::max(a.achieved_at, b.achieved_at), {}};
    case BoardOperator::last:
      return std::tie(a.achieved_at, a.event) >= std::tie(b.achieved_at, b.event) ? a : b;
  }
  return a;
}

}  // namespace liveops::core
