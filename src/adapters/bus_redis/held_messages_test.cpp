#include "adapters/bus_redis/held_messages.hpp"

#include <gtest/gtest.h>

#include "adapters/bus_redis/capacity.hpp"
#include "adapters/bus_redis/read_size.hpp"

namespace liveops::adapters::bus_redis {

namespace {

core::Timestamp at(int seconds) {
  return core::Timestamp(std::chrono::seconds(seconds));
}

constexpr Handout kFirst{.shard = 0, .id = {1, 0}, .attempt = 1};

}  // namespace

TEST(HeldMessages, AMessageIsHeldUntilItsTime) {
  HeldMessages held;
  held.add(kFirst, at(30));
  EXPECT_TRUE(held.holds(kFirst, at(29)));
  EXPECT_FALSE(held.holds(kFirst, at(30)));
  held.expire(at(30));
  EXPECT_EQ(held.size(), 0U);
}

TEST(HeldMessages, AnEarlierAttemptIsNotHeld) {
  HeldMessages held;
  held.add(kFirst, at(30));
  auto second = kFirst;
  second.attempt = 2;
  held.add(second, at(60));
  EXPECT_FALSE(held.holds(kFirst, at(10)));
  EXPECT_TRUE(held.holds(second, at(10)));
}

TEST(HeldMessages, CurrentTagsAreThoseStillHeld) {
  HeldMessages held;
  const Handout other{.shard = 1, .id = {1, 0}, .attempt = 1};
  const Handout ran_out{.shard = 0, .id = {2, 0}, .attempt = 1};
  held.add(kFirst, at(30));
  held.add(other, at(30));
  held.add(ran_out, at(5));
  held.remove(other);
  const std::vector<std::string> tags{to_tag(kFirst), to_tag(other), to_tag(ran_out), "no tag"};
  EXPECT_EQ(held.current(tags, at(10)), std::vector{kFirst});
}

TEST(ReadSize, FollowsTheSizeOfWhatCame) {
  ReadSize size;
  EXPECT_LT(size.at_most(100'000), 1000U);
  size.came(100, 100 * 300);
  EXPECT_EQ(size.at_most(1000), 1000U);
  size.came(10, 10U << 20U);
  EXPECT_EQ(size.at_most(1000), 8U);
  size.came(1, 100U << 20U);
  EXPECT_EQ(size.at_most(1000), 1U);
  size.came(0, 0);
  EXPECT_EQ(size.at_most(1000), 1U);
}

TEST(Capacity, CountsWhatIsAddedSinceItWasMeasured) {
  Capacity capacity({.bytes = 100, .messages = 10});
  EXPECT_TRUE(capacity.take({.bytes = 60, .messages = 1}));
  EXPECT_TRUE(capacity.take({.bytes = 60, .messages = 1}));
  EXPECT_FALSE(capacity.take({.bytes = 1, .messages = 1}));
  EXPECT_FALSE(capacity.check().has_value());
  capacity.settle({.bytes = 120, .messages = 2});
  capacity.measured({.bytes = 99, .messages = 9}, capacity.settled());
  EXPECT_TRUE(capacity.check().has_value());
  EXPECT_TRUE(capacity.take({.bytes = 0, .messages = 1}));
  EXPECT_FALSE(capacity.take({.bytes = 0, .messages = 1}));
}

TEST(Capacity, WhatIsPublishedWhileItIsMeasuredStillCounts) {
  Capacity capacity({.bytes = 100, .messages = 10});
  const auto before = capacity.settled();
  EXPECT_TRUE(capacity.take({.bytes = 1, .messages = 10}));
  capacity.settle({.bytes = 1, .messages = 10});
  capacity.measured({}, before);
  EXPECT_FALSE(capacity.take({.bytes = 1, .messages = 1}));
  capacity.measured({}, capacity.settled());
  EXPECT_TRUE(capacity.take({.bytes = 1, .messages = 1}));
}

TEST(Capacity, WhatIsOnItsWayWhenMeasuringBeginsStillCounts) {
  Capacity capacity({.bytes = 100, .messages = 10});
  EXPECT_TRUE(capacity.take({.bytes = 1, .messages = 10}));
  const auto before = capacity.settled();
  capacity.settle({.bytes = 1, .messages = 10});
  capacity.measured({}, before);
  EXPECT_FALSE(capacity.take({.bytes = 1, .messages = 1}));
}

TEST(Capacity, AServerWithoutMemoryIsFullUntilItIsMeasuredAgain) {
  Capacity capacity({.bytes = 100, .messages = 10});
  capacity.out_of_memory();
  EXPECT_FALSE(capacity.take({.bytes = 1, .messages = 1}));
  EXPECT_EQ(capacity.check().error().code, core::Errc::rate_limited);
  capacity.measured({}, capacity.settled());
  EXPECT_TRUE(capacity.take({.bytes = 1, .messages = 1}));
}

}  // namespace liveops::adapters::bus_redis
