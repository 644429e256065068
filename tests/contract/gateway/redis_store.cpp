#include "tests/contract/gateway/redis_store.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "adapters/redis/gateway/idempotency_store.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/redis_server.hpp"

namespace liveops::test {

namespace {

namespace redis = adapters::redis;

// Brings the end of all keys with this prefix nearer.
constexpr const char* kAge = R"lua(
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local left = redis.call('PTTL', key) - tonumber(ARGV[2])
  if left > 0 then redis.call('PEXPIRE', key, left) else redis.call('DEL', key) end
end
return 'OK'
)lua";

std::string fresh_prefix() {
  static std::atomic<int> made{0};
  return "idem:" + std::to_string(++made) + ":";
}

class RedisStore final : public ports::IdempotencyStore {
 public:
  explicit RedisStore(core::IdempotencyTable::Options options) : options_(options) {}

  ports::Task<std::vector<ports::IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) override {
    pass_time(now);
    const bool full = entries.size() > options_.max_keys;
    if (full) server().command({"CONFIG", "SET", "maxmemory", "1"});
    auto states = co_await store_.begin(std::move(entries), now);
    if (full) server().command({"CONFIG", "SET", "maxmemory", "0"});
    co_return states;
  }
  ports::Task<void> complete(std::vector<Entry> entries, core::Timestamp now) override {
    pass_time(now);
    return store_.complete(std::move(entries), now);
  }
  ports::Task<void> abandon(std::vector<core::EventId> ids) override { return store_.abandon(std::move(ids)); }

 private:
  static RedisServer& server() {
    static RedisServer shared;
    return shared;
  }

  void pass_time(core::Timestamp now) {
    const std::lock_guard lock(mutex_);
    if (now_ && now > *now_) {
      const auto by = std::chrono::duration_cast<std::chrono::milliseconds>(now - *now_);
      server().command({"EVAL", kAge, "0", prefix_, std::to_string(by.count())});
    }
    now_ = now;
  }

  core::IdempotencyTable::Options options_;
  std::string prefix_ = fresh_prefix();
  SilentLog log_;
  RecordingMetrics metrics_;
  IoThread network_;
  std::unique_ptr<redis::Client> client_ =
      redis::Client::create(network_.io().get_executor(), {.url = server().url(), .name = "test"}, log_, metrics_)
          .value();
  redis::IdempotencyStore store_{
      *client_, {.key_prefix = prefix_, .retention = options_.retention, .reservation = options_.reservation}};
  std::mutex mutex_;
  std::optional<core::Timestamp> now_;
};

}  // namespace

std::unique_ptr<ports::IdempotencyStore> make_redis_store(core::IdempotencyTable::Options options) {
  return std::make_unique<RedisStore>(options);
}

}  // namespace liveops::test
