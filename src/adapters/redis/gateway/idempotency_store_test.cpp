#include "adapters/redis/gateway/idempotency_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/redis/client/reply_error.hpp"
#include "adapters/redis/client/test_client.hpp"
#include "adapters/redis/gateway/key_value.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::adapters::redis {
namespace {

using core::Errc;
using ports::IdempotencyState;
using testing::ElementsAre;
using Entry = ports::IdempotencyStore::Entry;

constexpr core::Timestamp kNow{};

Entry entry(const std::string& key, std::uint8_t fingerprint = 1) {
  return {core::EventId::derive(core::KeyId::trusted("k"), key), {fingerprint}};
}
core::Result<Reply> held(char kind, std::uint8_t fingerprint) {
  return Reply{.kind = Reply::Kind::string, .text = KeyValue::encode(kind, {fingerprint})};
}
core::Result<Reply> error(std::string_view text) {
  return std::unexpected(to_error(text));
}
core::Result<Reply> number(std::int64_t value) {
  return Reply{.kind = Reply::Kind::integer, .integer = value};
}

class RedisIdempotencyStore : public testing::Test {
 protected:
  TestClient client_;
  IdempotencyStore store_{client_, {.key_prefix = "i:", .retention = std::chrono::hours(24)}};
};

TEST_F(RedisIdempotencyStore, ACallIsOneRoundTrip) {
  client_.replies = {Reply{}, held('r', 1), held('d', 1), held('d', 2)};
  const auto states = test::run(store_.begin({entry("a"), entry("b"), entry("c"), entry("d")}, kNow));
  EXPECT_THAT(states.value(), ElementsAre(IdempotencyState::fresh, IdempotencyState::running, IdempotencyState::done,
                                          IdempotencyState::mismatch));
  ASSERT_TRUE(test::run(store_.complete({entry("a"), entry("b")}, kNow)));
  ASSERT_TRUE(test::run(store_.abandon({entry("a").id, entry("b").id})));
  EXPECT_EQ(client_.calls.size(), 3U);
}

TEST_F(RedisIdempotencyStore, KeysAndValuesAreShortAndEndByThemselves) {
  ASSERT_TRUE(test::run(store_.begin({entry("a")}, kNow)));
  ASSERT_TRUE(test::run(store_.complete({entry("a")}, kNow)));
  const auto& reserve = client_.calls[0][0];
  EXPECT_EQ(reserve[1].size(), 2U + 16U);
  EXPECT_EQ(reserve[2].size(), 9U);
  EXPECT_THAT(reserve, ElementsAre("SET", reserve[1], reserve[2], "NX", "PX", "10000", "GET"));
  const auto& done = client_.calls[1][0];
  EXPECT_THAT(done, ElementsAre("SET", reserve[1], done[2], "PX", "86400000"));
}

TEST_F(RedisIdempotencyStore, AServerThatGetsFullHalfwayLeavesNothingReserved) {
  client_.replies = {Reply{}, held('d', 1), Reply{}, error("OOM no"), number(1), number(1)};
  const auto states = test::run(store_.begin({entry("a"), entry("b"), entry("c"), entry("d")}, kNow));
  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().code, Errc::unavailable);
  ASSERT_EQ(client_.calls.size(), 2U);
  ASSERT_EQ(client_.calls[1].size(), 2U);
  EXPECT_EQ(client_.calls[1][0][3], client_.calls[0][0][1]);
  EXPECT_EQ(client_.calls[1][1][3], client_.calls[0][2][1]);
}

TEST_F(RedisIdempotencyStore, WhatCannotBeCompletedIsGivenUp) {
  client_.replies = {Reply{}, error("READONLY no"), number(1)};
  const auto completed = test::run(store_.complete({entry("a"), entry("b")}, kNow));
  ASSERT_FALSE(completed);
  EXPECT_EQ(completed.error().code, Errc::unavailable);
  ASSERT_EQ(client_.calls.size(), 2U);
  ASSERT_EQ(client_.calls[1].size(), 1U);
  EXPECT_EQ(client_.calls[1][0][3], client_.calls[0][1][1]);
}

TEST_F(RedisIdempotencyStore, EveryFailureOfTheClientIsUnavailable) {
  for (const auto code : {Errc::unavailable, Errc::timeout, Errc::internal, Errc::invalid_argument}) {
    client_.failures = {{code, "m", ""}, {code, "m", ""}, {code, "m", ""}};
    EXPECT_EQ(test::run(store_.begin({entry("a")}, kNow)).error().code, Errc::unavailable);
    EXPECT_EQ(test::run(store_.complete({entry("a")}, kNow)).error().code, Errc::unavailable);
    EXPECT_EQ(test::run(store_.abandon({entry("a").id})).error().code, Errc::unavailable);
  }
}

TEST_F(RedisIdempotencyStore, AKeyThatSomebodyElseWroteIsNotTakenForOurs) {
  client_.replies = {Reply{.kind = Reply::Kind::string, .text = "something"}};
  EXPECT_EQ(test::run(store_.begin({entry("a")}, kNow)).error().code, Errc::unavailable);
  client_.replies = {error("WRONGTYPE no")};
  EXPECT_EQ(test::run(store_.begin({entry("a")}, kNow)).error().code, Errc::unavailable);
}

}  // namespace
}  // namespace liveops::adapters::redis
