#include <gtest/gtest.h>

#include "adapters/redis/leaderboard/rank_index.hpp"
#include "tests/contract/leaderboard/redis_connection.hpp"
#include "tests/contract/leaderboard/service.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

constexpr const char* kNow = "2026-11-22T12:00:00Z";

/// Two replicas of the service on the same stores and the same index. Each verdict reaches one of them.
class RedisReplicas : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  void SetUp() override { one.take_in({played(1, "a", 5, kNow), played(2, "b", 7, kNow)}); }
  core::Status follow(Service& service) { return run(service.service.visibility().follow()); }

  adapters::redis::Client& client = contract::shared_redis().connection.client();
  std::string prefix = contract::fresh_prefix();
  adapters::redis::leaderboard::RankIndex index_of_one{client, prefix};
  adapters::redis::leaderboard::RankIndex index_of_two{client, prefix};
  std::unique_ptr<contract::StoresFixture> stores = GetParam().make();
  Service one{*stores, sample_rules(), kNow, &index_of_one};
  Service two{*stores, sample_rules(), kNow, &index_of_two};
};

TEST_P(RedisReplicas, WhatOneTookInTheOtherShows) {
  EXPECT_EQ(two.top(), "1b=7 2a=5 ");
  two.take_in({played(3, "a", 9, kNow)});
  EXPECT_EQ(one.top(), "1a=9 2b=7 ");
}

TEST_P(RedisReplicas, BlockThatOneWasToldOfIsFollowedByTheOther) {
  two.judge({verdict("b", true, 1)});
  EXPECT_EQ(one.top(), "1a=5 ") << "at once";
  one.take_in({played(3, "b", 8, kNow)});
  ASSERT_TRUE(follow(one));
  EXPECT_EQ(one.top(), "1a=5 ") << "what was under way is taken out again";
  one.take_in({played(4, "b", 9, kNow)});
  EXPECT_EQ(one.top(), "1a=5 ");
  ASSERT_TRUE(run(one.service.rebuild().run()));
  EXPECT_EQ(one.top(), "1a=5 ");
}

TEST_P(RedisReplicas, ADisqualificationThatOneWasToldOfIsFollowedByTheOther) {
  two.judge({disqualification("b", 1, "2026-11-22T11:00:00Z")});
  EXPECT_EQ(one.top(), "1a=5 ") << "at once";
  ASSERT_TRUE(follow(one));
  one.take_in({played(3, "b", 9, kNow)});
  EXPECT_EQ(one.top(), "1a=5 ");
  ASSERT_TRUE(run(one.service.rebuild().run()));
  EXPECT_EQ(two.top(), "1a=5 ");
  one.judge({disqualification("b", 2)});
  EXPECT_EQ(two.top(), "1b=9 2a=5 ");
  ASSERT_TRUE(follow(two));
  two.take_in({played(4, "b", 10, kNow)});
  EXPECT_EQ(one.top(), "1b=10 2a=5 ");
}

TEST_P(RedisReplicas, EndOfABlockIsFollowedToo) {
  two.judge({verdict("b", true, 1)});
  ASSERT_TRUE(follow(one));
  two.judge({verdict("b", false, 2)});
  EXPECT_EQ(one.top(), "1b=7 2a=5 ");
  ASSERT_TRUE(follow(one));
  one.take_in({played(3, "b", 9, kNow)});
  EXPECT_EQ(two.top(), "1b=9 2a=5 ");
}

TEST_P(RedisReplicas, BlockIsStillFollowedAfterTheIndexWasAway) {
  two.judge({verdict("b", true, 1)});
  one.take_in({played(3, "b", 8, kNow)});
  contract::shared_redis().server.command({"DEL", prefix + ":{index}:epoch"});
  ASSERT_EQ(run(index_of_one.state()).value(), ports::IndexState::lost);
  EXPECT_FALSE(follow(one));
  ASSERT_TRUE(run(one.service.rebuild().watch()).value());
  ASSERT_TRUE(follow(one));
  EXPECT_EQ(one.top(), "1a=5 ");
}

TEST_P(RedisReplicas, BlockThatEndsByItselfEndsOnBoth) {
  two.judge({verdict("b", true, 1, time("2026-11-22T12:15:00Z"))});
  ASSERT_TRUE(follow(one));
  for (auto* service : {&one, &two}) {
    service->clock.set(time("2026-11-22T12:15:00Z"));
    ASSERT_TRUE(run(service->service.visibility().show_expired()));
    ASSERT_TRUE(follow(*service));
    EXPECT_EQ(service->top(), "1b=7 2a=5 ");
  }
}

INSTANTIATE_TEST_SUITE_P(Adapters, RedisReplicas, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
