#include "core/board_operator.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

namespace liveops::core {
namespace {

Timestamp at(std::int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}

EventId event_number(int number) {
  EventId::Bytes bytes{};
  bytes[15] = static_cast<std::uint8_t>(number);
  return EventId(bytes);
}

Mark mark(std::int64_t score, std::int64_t us, int event = 0) {
  return {score, at(us), event_number(event)};
}

constexpr BoardOperation kBest{BoardOperator::best, BoardOrder::highest, 1000};
constexpr BoardOperation kFastest{BoardOperator::best, BoardOrder::lowest, 1000};
constexpr BoardOperation kSum{BoardOperator::sum, BoardOrder::highest, 1000};
constexpr BoardOperation kLast{BoardOperator::last, BoardOrder::highest, 1000};

TEST(BoardOperator, BestTakesScoreAndTimeAsAPair) {
  EXPECT_EQ(join(kBest, mark(5, 9), mark(7, 10)), mark(7, 10));
  EXPECT_EQ(join(kFastest, mark(5, 9), mark(7, 10)), mark(5, 9));
}

TEST(BoardOperator, BestKeepsTheEarlierOfEqualScores) {
  EXPECT_EQ(join(kBest, mark(5, 9), mark(5, 8)), mark(5, 8));
  EXPECT_EQ(join(kFastest, mark(5, 8), mark(5, 9)), mark(5, 8));
}

TEST(BoardOperator, SumAddsUpToTheMaximumAndTakesTheLatestTime) {
  EXPECT_EQ(join(kSum, mark(5, 9), mark(7, 3)), mark(12, 9));
  EXPECT_EQ(join(kSum, mark(999, 1), mark(7, 3)), mark(1000, 3));
}

TEST(BoardOperator, LastTakesTheNewestEventAndTheGreaterIdAtTheSameInstant) {
  EXPECT_EQ(join(kLast, mark(5, 9, 1), mark(7, 3, 2)), mark(5, 9, 1));
  EXPECT_EQ(join(kLast, mark(5, 9, 1), mark(7, 9, 2)), mark(7, 9, 2));
}

TEST(BoardOperator, OrderOfArrivalNeverMatters) {
  EXPECT_TRUE(rc::check([] {
    const auto operation = *rc::gen::element(kBest, kFastest, kSum, kLast);
    const int count = *rc::gen::inRange(1, 8);
    std::vector<Mark> marks;
    for (int i = 0; i < count; ++i) {
      marks.push_back(mark(*rc::gen::inRange(0, 400), *rc::gen::inRange(0, 4), i));
      if (operation.op != BoardOperator::last) marks.back().event = {};
    }
    const auto fold = [&](const std::vector<Mark>& list) {
      return std::accumulate(list.begin() + 1, list.end(), list.front(),
                             [&](const Mark& a, const Mark& b) { return join(operation, a, b); });
    };
    const auto expected = fold(marks);
    auto shuffled = marks;
    for (std::size_t i = shuffled.size(); i > 1; --i) {
      std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    }
    RC_ASSERT(fold(shuffled) == expected);
  }));
}

}  // namespace
}  // namespace liveops::core
