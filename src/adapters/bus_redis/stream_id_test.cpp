#include "adapters/bus_redis/stream_id.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "adapters/bus_redis/keys.hpp"

namespace liveops::adapters::bus_redis {

TEST(StreamId, ReadsBackWhatItWrote) {
  for (const StreamId id : {StreamId{}, StreamId{1526919030474, 55}, StreamId::max()}) {
    EXPECT_EQ(StreamId::parse(id.str()), id);
  }
  EXPECT_EQ((StreamId{1526919030474, 55}.str()), "1526919030474-55");
}

TEST(StreamId, WhatIsNoIdIsNotRead) {
  for (const char* text : {"", "-", "1", "1-", "-1", "1-2-3", "1-2 ", "a-b", "+1-2", "99999999999999999999-0"}) {
    EXPECT_EQ(StreamId::parse(text), std::nullopt) << text;
  }
}

TEST(StreamId, NextIsTheLowestAbove) {
  EXPECT_EQ((StreamId{5, 7}.next()), (StreamId{5, 8}));
  EXPECT_EQ((StreamId{5, std::numeric_limits<std::uint64_t>::max()}.next()), (StreamId{6, 0}));
  EXPECT_LT((StreamId{5, 7}), (StreamId{5, 8}));
  EXPECT_LT((StreamId{5, 8}), (StreamId{6, 0}));
}

TEST(Tag, ReadsBackWhatItWrote) {
  const Handout handout{.shard = 3, .id = {1526919030474, 55}, .attempt = 12};
  EXPECT_EQ(parse_tag(to_tag(handout)), handout);
  for (const char* text : {"", "1", "1.2.3", "1.2.3.", "1.2.3.4.5", "x.2.3.4", "never-heard-of"}) {
    EXPECT_EQ(parse_tag(text), std::nullopt) << text;
  }
}

TEST(Keys, AShardOfAPlayerIsTheSameEverywhere) {
  EXPECT_EQ(shard_of("p-42", 1), 0U);
  EXPECT_EQ(shard_of("p-42", 16), shard_of("p-42", 16));
  EXPECT_EQ(shard_of("", 16), 0xcbf29ce484222325U % 16);       // FNV-1a's offset basis
  EXPECT_EQ(shard_of("a", 1000), 0xaf63dc4c8601ec8cU % 1000);  // its published vector for "a"
  EXPECT_EQ(Keys("lo:").stream(ports::Topic::events, 2), "lo:events:{2}");
  EXPECT_EQ(Keys("lo:").dead(ports::Topic::verdicts), "lo:dead:verdicts");
}

}  // namespace liveops::adapters::bus_redis
