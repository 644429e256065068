#include "leaderboard/composite_score.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <tuple>

namespace liveops::leaderboard {
namespace {

using core::BoardOrder;
using core::Timestamp;

Timestamp at(std::int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kMax53 = (std::int64_t{1} << 53) - 1;

TEST(CompositeScore, ThirtyOneBitsOfScoreLeaveSlotsOfTwentyMillisecondsInADay) {
  const CompositeScore composite(BoardOrder::highest, (std::int64_t{1} << 31) - 1, at(0), at(kDayUs));
  EXPECT_EQ(composite.rank_order().tie_step_us, 20'600);
  EXPECT_EQ(composite.pack(7, at(0)), composite.pack(7, at(20'599)));
  EXPECT_GT(composite.pack(7, at(20'599)), composite.pack(7, at(20'600)));
}

TEST(CompositeScore, BestCaseFillsExactly53Bits) {
  const CompositeScore composite(BoardOrder::highest, (std::int64_t{1} << 31) - 1, at(0), at(kDayUs));
  EXPECT_EQ(composite.pack((std::int64_t{1} << 31) - 1, at(0)), kMax53);
  EXPECT_GE(composite.pack(0, at(kDayUs - 1)), 0);
}

TEST(CompositeScore, LowestOrderPutsTheSmallerScoreAhead) {
  const CompositeScore composite(BoardOrder::lowest, 1000, at(0), at(kDayUs));
  EXPECT_GT(composite.pack(3, at(5)), composite.pack(4, at(0)));
  EXPECT_EQ(composite.score_of(composite.pack(3, at(5))), 3);
}

TEST(CompositeScore, OrderIsScoreThenSlotAndTheScoreComesBackExactly) {
  EXPECT_TRUE(rc::check([] {
    const auto order = *rc::gen::element(BoardOrder::highest, BoardOrder::lowest);
    const auto bits = *rc::gen::inRange(0, 44);
    const auto max_score = (std::int64_t{1} << bits) - (bits > 0 && bits < 43 ? *rc::gen::inRange(0, 2) : 0);
    const auto length =
        *rc::gen::element<std::int64_t>(1, 3'600'000'000, kDayUs - 3'600'000'000, kDayUs, kDayUs * 28, kDayUs * 366);
    const auto opens = *rc::gen::inRange<std::int64_t>(0, kDayUs * 20000);
    const CompositeScore composite(order, max_score, at(opens), at(opens + length));
    const auto step = composite.rank_order().tie_step_us;
    const auto score = [&] { return *rc::gen::inRange<std::int64_t>(0, max_score + 1); };
    const auto moment = [&] { return opens + *rc::gen::inRange<std::int64_t>(0, length); };
    const auto a = std::pair(score(), moment());
    const auto b = *rc::gen::arbitrary<bool>() ? std::pair(a.first, moment()) : std::pair(score(), moment());
    const auto key = [&](const auto& mark) {
      const auto merit = order == BoardOrder::highest ? -mark.first : mark.first;
      return std::pair(merit, (mark.second - opens) / step);
    };
    const auto packed_a = composite.pack(a.first, at(a.second));
    const auto packed_b = composite.pack(b.first, at(b.second));
    RC_ASSERT(packed_a >= 0);
    RC_ASSERT(packed_a <= kMax53);
    RC_ASSERT((packed_a > packed_b) == (key(a) < key(b)));
    RC_ASSERT((packed_a == packed_b) == (key(a) == key(b)));
    RC_ASSERT(composite.score_of(packed_a) == a.first);
    // Composites stay exact as the doubles of a ZSET.
    RC_ASSERT(static_cast<std::int64_t>(static_cast<double>(packed_a)) == packed_a);
  }));
}

}  // namespace
}  // namespace liveops::leaderboard
