#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "adapters/bus_redis/event_bus.hpp"
#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/redis_server.hpp"

namespace liveops::test {

/// The system's clock, set forward by as much as a test says.
class ShiftedClock final : public core::Clock {
 public:
  [[nodiscard]] core::Timestamp now() const override { return system_.now() + std::chrono::milliseconds(ahead_ms_); }
  void advance(std::chrono::milliseconds by) { ahead_ms_ += by.count(); }

 private:
  core::SystemClock system_;
  std::atomic<std::int64_t> ahead_ms_{0};
};

/// The server that cases share which do it no harm.
inline RedisServer& shared_redis() {
  static RedisServer server{RedisServer::Options{.append_only = true, .arguments = {}, .password = {}}};
  return server;
}

/// A bus with keys of its own on a server. Time passes for the server, too: `advance` makes all that is pending there
/// older.
class RedisBus final : public BusUnderTest {
 public:
  explicit RedisBus(adapters::bus_redis::Options options = {}, RedisServer& server = shared_redis())
      : server_(server), options_(std::move(options)) {
    static std::atomic<int> made{0};
    options_.url = server_.url();
    options_.prefix = "case" + std::to_string(++made) + ":";
    bus_ = open(options_);
  }

  adapters::bus_redis::EventBus& bus() override { return *bus_; }
  ports::DeadLetters& dead_letters() override { return *bus_; }
  void advance(std::chrono::milliseconds by) override {
    clock_.advance(by);
    server_.command({"EVAL", kAge, "0", options_.prefix, std::to_string(by.count())});
  }

  /// Another process's bus, as far as the server can tell.
  [[nodiscard]] std::unique_ptr<adapters::bus_redis::EventBus> open(adapters::bus_redis::Options options) {
    auto opened = adapters::bus_redis::EventBus::open(std::move(options), clock_, log_, metrics_);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return *std::move(opened);
  }
  void close() { bus_.reset(); }
  void reopen() { bus_ = open(options_); }

  [[nodiscard]] const adapters::bus_redis::Options& options() const { return options_; }
  [[nodiscard]] RedisServer& server() { return server_; }
  [[nodiscard]] std::string stream() const { return options_.prefix + "events:{0}"; }
  [[nodiscard]] std::size_t length() { return std::stoul(server_.command({"XLEN", stream()})); }

 private:
  static constexpr const char* kAge = R"(
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*:{*}')) do
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    for _, pending in ipairs(redis.call('XPENDING', key, group[2], '-', '+', 100000)) do
      redis.call('XCLAIM', key, group[2], pending[2], 0, pending[1], 'IDLE', pending[3] + tonumber(ARGV[2]), 'JUSTID')
    end
  end
end
return 0)";

  RedisServer& server_;
  adapters::bus_redis::Options options_;
  ShiftedClock clock_;
  SilentLog log_;
  RecordingMetrics metrics_;
  std::unique_ptr<adapters::bus_redis::EventBus> bus_;
};

}  // namespace liveops::test
