#include "adapters/bus_sqs/held_messages.hpp"

#include <gmock/gmock.h>

namespace liveops::adapters::bus_sqs {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace {

constexpr seconds kVisibility{30};
const HeldMessages::Instant kStart{std::chrono::hours(1)};
constexpr core::Timestamp kSent{std::chrono::hours(5)};

}  // namespace

TEST(HeldMessages, WhatIsNotDoneWithIsReleased) {
  HeldMessages held(kVisibility);
  for (const auto* tag : {"a", "b", "c"}) held.add(tag, kSent, kStart);
  held.done("b");
  EXPECT_THAT(held.release(kStart), UnorderedElementsAre("a", "c"));
  EXPECT_THAT(held.release(kStart), IsEmpty());
}

TEST(HeldMessages, WhatIsVisibleAgainIsNotReleased) {
  HeldMessages held(kVisibility);
  held.add("a", kSent, kStart);
  held.add("b", kSent, kStart);
  held.extended("b", kStart + seconds(20));
  EXPECT_THAT(held.release(kStart + seconds(31)), ElementsAre("b"));
}

TEST(HeldMessages, IsExtendedInItsSecondHalfUntilTheLongestTimeIsOver) {
  HeldMessages held(kVisibility);
  held.add("a", kSent, kStart);
  EXPECT_THAT(held.to_extend(kStart + seconds(10), seconds(60)), IsEmpty());
  EXPECT_THAT(held.to_extend(kStart + seconds(15), seconds(60)), ElementsAre("a"));
  held.extended("a", kStart + seconds(15));
  held.extended("a", kStart + seconds(40));
  EXPECT_THAT(held.to_extend(kStart + seconds(59), seconds(60)), ElementsAre("a"));
  EXPECT_THAT(held.to_extend(kStart + seconds(60), seconds(60)), IsEmpty());
}

TEST(HeldMessages, KnowsTheOldest) {
  HeldMessages held(kVisibility);
  held.add("a", kSent, kStart);
  held.add("b", kSent - seconds(9), kStart);
  EXPECT_EQ(held.oldest(kSent + seconds(1)), kSent - seconds(9));
}

TEST(HeldMessages, DoesNotGrowWithWhatIsNeverDone) {
  HeldMessages held(kVisibility);
  for (int i = 0; i < 100; ++i) held.add(std::to_string(i), kSent, kStart + seconds(60 * i));
  EXPECT_THAT(held.release(kStart + seconds(60 * 99)), ElementsAre("99"));
}

}  // namespace liveops::adapters::bus_sqs
