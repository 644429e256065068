#include <gmock/gmock.h>

#include <vector>

#include "tests/integration/redis/fixture.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using adapters::redis::Reply;
using core::Errc;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr milliseconds kNever{1'000'000};

using RedisFaults = RedisTest;

TEST_F(RedisFaults, AServerThatComesBackIsFoundAgain) {
  RedisServer own({.append_only = true});
  const auto client = connect(own.url());
  ASSERT_TRUE(run(client->run({"SET", "k", "v"})));
  own.kill();
  await_loss(*client);
  EXPECT_EQ(run(client->run({"GET", "k"})).error().code, Errc::unavailable);
  EXPECT_EQ(metrics_.value("liveops_redis_connected{client=test}"), 0);
  own.restart();
  await_connection(*client);
  EXPECT_EQ(run(client->run({"GET", "k"}))->text, "v");
  EXPECT_EQ(client->connections(), 2U);
  EXPECT_EQ(metrics_.value("liveops_redis_connected{client=test}"), 1);
  EXPECT_EQ(metrics_.value("liveops_redis_reconnects_total{client=test}"), 1);
}

TEST_F(RedisFaults, WhatIsUnderWayWhenTheServerDiesEndsUnavailable) {
  RedisServer own;
  const auto client = connect(own.url());
  auto blocked = caller_.start(client->run_blocking({"BLPOP", "empty", "0"}, kNever));
  await_blocked(own, "blpop");
  auto behind = caller_.start(client->run({"PING"}));
  own.kill();
  EXPECT_EQ(blocked.get().error().code, Errc::unavailable);
  EXPECT_EQ(behind.get().error().code, Errc::unavailable);
}

TEST_F(RedisFaults, EveryCommandEndsWhileTheServerIsKilledAgainAndAgain) {
  RedisServer own;
  const auto client = connect(own.url());
  for (int round = 0; round < 3; ++round) {
    await_connection(*client);
    std::vector<std::future<core::Result<Reply>>> all;
    for (int n = 0; n < 500; ++n) all.push_back(caller_.start(client->run({"SET", "k", std::string(5000, 'x')})));
    own.restart();
    for (auto& one : all) {
      const auto reply = one.get();
      if (!reply) EXPECT_EQ(reply.error().code, Errc::unavailable);
    }
  }
  await_connection(*client);
}

TEST_F(RedisFaults, AServerThatDoesNotAnswerTimesOutAndIsTakenBack) {
  RedisServer own;
  const auto client = connect(own.url(), {.connect_timeout = milliseconds(200), .command_timeout = milliseconds(100)});
  await_connection(*client);
  own.pause();
  EXPECT_EQ(run(client->run({"PING"})).error().code, Errc::timeout);
  const auto checked = run(client->check());
  EXPECT_EQ(checked.error().code, Errc::unavailable);
  ASSERT_TRUE(wait_until([&] { return run(client->check()).error().message.contains("does not answer"); }));
  own.resume();
  await_connection(*client);
}

TEST_F(RedisFaults, WhatWaitsIsBoundedInBytes) {
  RedisServer own;
  const auto client = connect(own.url(), {.max_queued_bytes = 10'000, .command_timeout = seconds(60)});
  await_connection(*client);
  own.pause();
  auto first = caller_.start(client->run({"SET", "k", std::string(6000, 'x')}));
  // On the same thread, so that the first is in the queue.
  const auto second = caller_.start(client->run({"SET", "k", std::string(6000, 'x')})).get();
  EXPECT_EQ(second.error().code, Errc::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("too much waits"));
  EXPECT_EQ(run(client->run({"SET", "k", std::string(10'000, 'x')})).error().code, Errc::invalid_argument);
  own.resume();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(run(client->run({"SET", "k", std::string(6000, 'x')})));
}

TEST_F(RedisFaults, CommandsThatComeBeforeTheFirstConnectionWaitForIt) {
  RedisServer own;
  own.pause();
  const auto client = connect(own.url(), {.connect_timeout = seconds(60)});
  auto early = caller_.start(client->run({"ECHO", "early"}));
  own.resume();
  EXPECT_EQ(early.get()->text, "early");
}

TEST_F(RedisFaults, ACommandThatWaitsForAServerThatNeverComesEndsWithTheFirstAttempt) {
  RedisServer own;
  own.pause();
  const auto client = connect(own.url(), {.connect_timeout = milliseconds(100)});
  EXPECT_EQ(run(client->run({"PING"})).error().code, Errc::unavailable);
}

TEST_F(RedisFaults, AClientThatGoesAwayEndsWhatIsUnderWay) {
  RedisServer own;
  auto client = connect(own.url());
  auto blocked = caller_.start(client->run_blocking({"BLPOP", "empty", "0"}, kNever));
  await_blocked(own, "blpop");
  client.reset();
  EXPECT_EQ(blocked.get().error().code, Errc::unavailable);
}

TEST_F(RedisFaults, AClientMayGoAwayAtAnyStageOfItsConnection) {
  for (int n = 0; n < 50; ++n) {
    const auto client = connect(n % 2 == 0 ? server().url() : "redis://localhost:" + std::to_string(server().port()));
    if (n % 5 == 0) await_connection(*client);
  }
  EXPECT_THAT(log_.text(), HasSubstr("connected to Redis"));
}

}  // namespace
}  // namespace liveops::test
