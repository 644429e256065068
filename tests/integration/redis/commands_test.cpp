#include <gmock/gmock.h>

#include <vector>

#include "tests/integration/redis/fixture.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using adapters::redis::Command;
using adapters::redis::Reply;
using adapters::redis::Script;
using core::Errc;

using RedisCommands = RedisTest;

TEST_F(RedisCommands, ValuesAreBinaryAndMayBeLarge) {
  const auto client = connect(server().url());
  std::string value(5'000'000, '\0');
  for (std::size_t n = 0; n < value.size(); ++n) value[n] = static_cast<char>(n * 7);
  EXPECT_EQ(run(client->run({"SET", "large", value}))->text, "OK");
  EXPECT_TRUE(run(client->run({"GET", "large"}))->text == value);
  EXPECT_TRUE(run(client->run({"GET", "never-set"}))->is_nil());
}

TEST_F(RedisCommands, RepliesOfOneCallComeInOrderAndAnErrorHindersNone) {
  const auto client = connect(server().url());
  std::vector<Command> commands;
  for (int n = 0; n < 2000; ++n) {
    commands.push_back(n == 1000 ? Command{"LPUSH", "order:999", "x"}
                                 : Command{"SET", "order:" + std::to_string(n), std::to_string(n), "GET"});
  }
  ASSERT_TRUE(run(client->run_all(commands)));
  const auto replies = run(client->run_all(commands)).value();
  ASSERT_EQ(replies.size(), commands.size());
  for (std::size_t n = 0; n < replies.size(); ++n) {
    if (n == 1000) {
      EXPECT_EQ(replies[n].error().code, Errc::conflict);
    } else {
      EXPECT_EQ(replies[n]->text, std::to_string(n));
    }
  }
  EXPECT_TRUE(run(client->run_all({}))->empty());
}

boost::asio::awaitable<int> count_up(adapters::redis::Client& client, int times) {
  int failed = 0;
  for (int n = 0; n < times; ++n) {
    if (!co_await client.run({"INCR", "counted"})) ++failed;
  }
  co_return failed;
}

TEST_F(RedisCommands, ManyCoroutinesOfTwoThreadsShareTheConnection) {
  constexpr int kCoroutines = 100;
  constexpr int kTimes = 50;
  const auto client = connect(server().url());
  IoThread second;
  const auto reads = [] {
    const auto stats = server().command({"INFO", "stats"});
    return std::stoll(stats.substr(stats.find("total_reads_processed:") + 22));
  };
  await_connection(*client);
  const auto before = reads();
  std::vector<std::future<int>> all;
  for (int n = 0; n < kCoroutines; ++n) {
    all.push_back(caller_.start(count_up(*client, kTimes)));
    all.push_back(second.start(count_up(*client, kTimes)));
  }
  for (auto& one : all) EXPECT_EQ(one.get(), 0);
  EXPECT_EQ(run(client->run({"GET", "counted"}))->text, std::to_string(2 * kCoroutines * kTimes));
  EXPECT_LT(reads() - before, 2 * kCoroutines * kTimes) << "commands that wait together go out together";
  EXPECT_EQ(client->connections(), 1U);
}

boost::asio::awaitable<bool> resumes_at_home(adapters::redis::Client& client, boost::asio::io_context& home) {
  static_cast<void>(co_await client.run({"PING"}));
  co_return home.get_executor().running_in_this_thread();
}

TEST_F(RedisCommands, CoroutinesResumeOnTheirOwnExecutors) {
  const auto client = connect(server().url());
  EXPECT_TRUE(caller_.start(resumes_at_home(*client, caller_.io())).get());
}

TEST_F(RedisCommands, ErrorRepliesAreMapped) {
  const auto client = connect(server().url());
  ASSERT_TRUE(run(client->run({"SET", "text", "x"})));
  EXPECT_EQ(run(client->run({"LPUSH", "text", "y"})).error().code, Errc::conflict);
  EXPECT_EQ(run(client->run({"NOSUCHCOMMAND"})).error().code, Errc::internal);
  EXPECT_EQ(run(client->run({"EVALSHA", std::string(40, '0'), "0"})).error().code, Errc::not_found);
  EXPECT_EQ(run(client->run({})).error().code, Errc::invalid_argument);
  EXPECT_EQ(run(client->run_all({{"PING"}, {}})).error().code, Errc::invalid_argument);
}

TEST_F(RedisCommands, AServerWithoutMemoryIsUnavailable) {
  RedisServer full;
  const auto client = connect(full.url());
  full.command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_EQ(run(client->run({"SET", "k", "v"})).error().code, Errc::unavailable);
  full.command({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(run(client->run({"SET", "k", "v"})));
}

TEST_F(RedisCommands, AScriptIsLoadedWhereverItIsNotKnown) {
  const auto client = connect(server().url());
  const Script script("return {KEYS[1], tonumber(ARGV[1]) + 1}");
  for (int n = 0; n < 2; ++n) {
    const auto reply = run(script.run(*client, {"key"}, {"41"}));
    ASSERT_EQ(reply->elements.size(), 2U);
    EXPECT_EQ(reply->elements[0].text, "key");
    EXPECT_EQ(reply->elements[1].integer, 42);
  }
  server().command({"SCRIPT", "FLUSH"});
  const auto replies = run(script.run_all(*client, {{.keys = {"a"}, .arguments = {"1"}},
                                                    {.keys = {"b"}, .arguments = {"2"}},
                                                    {.keys = {"c"}, .arguments = {"x"}}}))
                           .value();
  EXPECT_EQ(replies[0]->elements[1].integer, 2);
  EXPECT_EQ(replies[1]->elements[0].text, "b");
  EXPECT_EQ(replies[2].error().code, Errc::internal);
}

TEST_F(RedisCommands, ABlockingCommandMayTakeLongerThanTheCommandTimeout) {
  const auto client = connect(server().url(), {.command_timeout = std::chrono::milliseconds(100)});
  const auto reply = run(client->run_blocking({"BLPOP", "empty", "0.3"}, std::chrono::seconds(20)));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_TRUE(reply->is_nil());
}

TEST_F(RedisCommands, AreCountedByOutcome) {
  const auto client = connect(server().url());
  ASSERT_TRUE(run(client->run_all({{"PING"}, {"PING"}, {"NOSUCHCOMMAND"}})));
  EXPECT_EQ(metrics_.value("liveops_redis_commands_total{client=test,outcome=ok}"), 2);
  EXPECT_EQ(metrics_.value("liveops_redis_commands_total{client=test,outcome=internal}"), 1);
  EXPECT_EQ(metrics_.value("liveops_redis_command_duration_seconds{client=test}"), 1);
  EXPECT_EQ(metrics_.value("liveops_redis_connected{client=test}"), 1);
  EXPECT_EQ(metrics_.value("liveops_redis_reconnects_total{client=test}"), 0);
}

}  // namespace
}  // namespace liveops::test
