#include "adapters/bus_nats/pull_buffer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::bus_nats {

namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr milliseconds kVisibility{1000};
const PullBuffer::Instant kStart = PullBuffer::Instant() + std::chrono::hours(1);

Arrival arrival(std::uint64_t sequence, PullBuffer::Instant at = kStart) {
  Arrival made{.sequence = sequence, .came_at = at};
  made.delivery.tag = "tag" + std::to_string(sequence);
  return made;
}

}  // namespace

TEST(PullBuffer, APullIsOverWhenAllItAskedForCame) {
  PullBuffer buffer(kVisibility);
  static_cast<void>(buffer.begin_pull(2));
  buffer.add(arrival(1));
  EXPECT_TRUE(buffer.is_pulling());
  buffer.skip();
  EXPECT_FALSE(buffer.is_pulling());
  EXPECT_THAT(buffer.take(10, kStart), SizeIs(1));
}

TEST(PullBuffer, TheEndOfAnEarlierPullDoesNotEndTheNewOne) {
  PullBuffer buffer(kVisibility);
  const auto first = buffer.begin_pull(1);
  const auto second = buffer.begin_pull(1);
  buffer.end_pull(first);
  EXPECT_TRUE(buffer.is_pulling());
  buffer.end_pull(second);
  EXPECT_FALSE(buffer.is_pulling());
}

TEST(PullBuffer, WhatComesWhenNoPullIsOpenIsKept) {
  PullBuffer buffer(kVisibility);
  buffer.end_pull(buffer.begin_pull(1));
  buffer.add(arrival(1));
  EXPECT_FALSE(buffer.is_pulling());
  EXPECT_THAT(buffer.take(10, kStart), SizeIs(1));
}

TEST(PullBuffer, TakesAtMostWhatIsAskedForOldestFirst) {
  PullBuffer buffer(kVisibility);
  static_cast<void>(buffer.begin_pull(3));
  for (std::uint64_t n = 1; n <= 3; ++n) buffer.add(arrival(n));
  const auto some = buffer.take(2, kStart);
  ASSERT_THAT(some, SizeIs(2));
  EXPECT_EQ(some[0].sequence, 1U);
  EXPECT_EQ(some[1].sequence, 2U);
  EXPECT_EQ(buffer.size(), 1U);
}

TEST(PullBuffer, WhatLayTooLongIsDroppedForTheServerHandsItOutAgain) {
  PullBuffer buffer(kVisibility);
  static_cast<void>(buffer.begin_pull(2));
  buffer.add(arrival(1));
  buffer.add(arrival(2, kStart + milliseconds(1)));
  const auto taken = buffer.take(10, kStart + kVisibility);
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_EQ(taken[0].sequence, 2U);
}

TEST(PullBuffer, ReleasesWhatIsNotDoneWithTakenOrNot) {
  PullBuffer buffer(kVisibility);
  static_cast<void>(buffer.begin_pull(3));
  for (std::uint64_t n = 1; n <= 3; ++n) buffer.add(arrival(n));
  static_cast<void>(buffer.take(2, kStart));
  buffer.done(1);
  EXPECT_THAT(buffer.release(kStart), UnorderedElementsAre("tag2", "tag3"));
  EXPECT_THAT(buffer.release(kStart), IsEmpty());
}

TEST(PullBuffer, WhatWasHeldLongerThanItsVisibilityIsNoLongerOurs) {
  PullBuffer buffer(kVisibility);
  static_cast<void>(buffer.begin_pull(2));
  buffer.add(arrival(1));
  buffer.add(arrival(2));
  static_cast<void>(buffer.take(2, kStart));
  buffer.extended(2, kStart + kVisibility);
  EXPECT_THAT(buffer.release(kStart + kVisibility + milliseconds(1)), UnorderedElementsAre("tag2"));
}

}  // namespace liveops::adapters::bus_nats
