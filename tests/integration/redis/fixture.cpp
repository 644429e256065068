#include "tests/integration/redis/fixture.hpp"

#include "tests/support/run_task.hpp"

namespace liveops::test {

void LineLog::write(ports::LogLevel, std::string_view message, std::span<const ports::LogField> fields) {
  const std::lock_guard lock(mutex_);
  text_ += message;
  for (const auto& field : fields) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) text_.append(" ").append(*text);
  }
  text_ += "\n";
}

std::string LineLog::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

RedisServer& RedisTest::server() {
  static RedisServer shared;
  return shared;
}

std::unique_ptr<adapters::redis::Client> RedisTest::connect(std::string url, Options options) {
  options.url = std::move(url);
  options.name = "test";
  auto client = Client::create(network_.io().get_executor(), std::move(options), log_, metrics_);
  EXPECT_TRUE(client) << client.error().message;
  return std::move(client).value();
}

void RedisTest::await_connection(Client& client) {
  ASSERT_TRUE(wait_until([&] { return run(client.check()).has_value(); })) << run(client.check()).error().message;
}

void RedisTest::await_loss(Client& client) {
  ASSERT_TRUE(wait_until([&] { return !run(client.check()).has_value(); }));
}

void RedisTest::await_blocked(RedisServer& server, const std::string& command) {
  ASSERT_TRUE(wait_until([&] { return server.command({"CLIENT", "LIST"}).contains("cmd=" + command); }));
}

}  // namespace liveops::test
