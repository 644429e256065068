#include "tests/contract/leaderboard/redis_connection.hpp"

#include <atomic>
#include <stdexcept>

#include "tests/support/run_task.hpp"

namespace liveops::contract {

RedisConnection::RedisConnection(const std::string& url) {
  auto client = adapters::redis::Client::create(io_.get_executor(), {.url = url, .name = "test"}, log_, metrics_);
  if (!client) throw std::runtime_error(client.error().message);
  client_ = std::move(*client);
  await();
}

RedisConnection::~RedisConnection() {
  client_.reset();
  work_.reset();
  io_.stop();
  thread_.join();
}

void RedisConnection::await() {
  if (test::wait_until([this] { return test::run(client_->check()).has_value(); })) return;
  throw std::runtime_error("no connection to the Redis server of the test");
}

SharedRedis& shared_redis() {
  static SharedRedis redis;
  return redis;
}

std::string fresh_prefix() {
  static std::atomic<int> number = 0;
  return "t" + std::to_string(++number);
}

}  // namespace liveops::contract
