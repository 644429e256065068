#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/redis/client/reply_error.hpp"
#include "adapters/redis/client/test_client.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::adapters::redis {
namespace {

using testing::ElementsAre;

constexpr const char* kSource = "return 1";
constexpr const char* kSha1 = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";  // of it, as SCRIPT LOAD gives it

core::Result<Reply> unknown() {
  return std::unexpected(to_error("NOSCRIPT No matching script. Please use EVAL."));
}
core::Result<Reply> number(std::int64_t value) {
  return Reply{.kind = Reply::Kind::integer, .integer = value};
}

TEST(RedisScript, IsRunByItsDigest) {
  TestClient client;
  client.replies = {number(7)};
  EXPECT_EQ(test::run(Script(kSource).run(client, {"k"}, {"a", "b"}))->integer, 7);
  EXPECT_THAT(client.calls, ElementsAre(ElementsAre(Command{"EVALSHA", kSha1, "1", "k", "a", "b"})));
}

TEST(RedisScript, IsSentWholeToAServerThatDoesNotKnowIt) {
  TestClient client;
  client.replies = {unknown(), number(7)};
  EXPECT_EQ(test::run(Script(kSource).run(client, {}, {}))->integer, 7);
  EXPECT_THAT(client.calls,
              ElementsAre(ElementsAre(Command{"EVALSHA", kSha1, "0"}), ElementsAre(Command{"EVAL", kSource, "0"})));
}

TEST(RedisScript, ManyRunsTakeOneRoundTripAndTwoWhenTheScriptIsNew) {
  TestClient client;
  client.replies = {unknown(), unknown(), number(1), number(2), number(3), number(4)};
  const Script script(kSource);
  const auto first = test::run(script.run_all(client, {{.keys = {"a"}}, {.keys = {"b"}}}));
  EXPECT_EQ(first.value()[0]->integer, 1);
  EXPECT_EQ(first.value()[1]->integer, 2);
  const auto second = test::run(script.run_all(client, {{.keys = {"a"}}, {.keys = {"b"}}}));
  EXPECT_EQ(second.value()[1]->integer, 4);
  EXPECT_THAT(client.calls,
              ElementsAre(ElementsAre(Command{"EVALSHA", kSha1, "1", "a"}, Command{"EVALSHA", kSha1, "1", "b"}),
                          ElementsAre(Command{"EVAL", kSource, "1", "a"}, Command{"EVALSHA", kSha1, "1", "b"}),
                          ElementsAre(Command{"EVALSHA", kSha1, "1", "a"}, Command{"EVALSHA", kSha1, "1", "b"})));
}

TEST(RedisScript, AnErrorOfOneRunLeavesTheOthersAlone) {
  TestClient client;
  client.replies = {number(1), std::unexpected(to_error("OOM no"))};
  const auto replies = test::run(Script(kSource).run_all(client, {{}, {}}));
  EXPECT_EQ(replies.value()[0]->integer, 1);
  EXPECT_EQ(replies.value()[1].error().code, core::Errc::unavailable);
}

TEST(RedisScript, ALostConnectionIsTheResultOfTheWholeCall) {
  TestClient client;
  client.failures = {{core::Errc::unavailable, "lost", ""}};
  EXPECT_EQ(test::run(Script(kSource).run_all(client, {{}, {}})).error().message, "lost");
}

}  // namespace
}  // namespace liveops::adapters::redis
