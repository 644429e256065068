#include <utility>

#include "adapters/memory/progression/progress_cache.hpp"
#include "adapters/redis/progression/progress_cache.hpp"
#include "tests/contract/progression/caches.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/redis_server.hpp"

namespace liveops::test {
namespace {

namespace redis = adapters::redis;

/// On a server that all share; each cache begins with an empty one.
class RedisCache final : public ports::ProgressCache {
 public:
  RedisCache() { server().flush_all(); }
  ports::Task<std::optional<ports::Progress>> get(core::PlayerId player) override {
    return cache_.get(std::move(player));
  }
  ports::Task<void> put(std::vector<ports::Progress> progress) override { return cache_.put(std::move(progress)); }

 private:
  static RedisServer& server() {
    static RedisServer shared;
    return shared;
  }

  SilentLog log_;
  RecordingMetrics metrics_;
  IoThread network_;
  std::unique_ptr<redis::Client> client_ =
      redis::Client::create(network_.io().get_executor(), {.url = server().url(), .name = "test"}, log_, metrics_)
          .value();
  redis::ProgressCache cache_{*client_, {}};
};

}  // namespace

std::vector<CacheCase> all_caches() {
  return {{"memory", [] { return std::make_unique<adapters::memory::progression::ProgressCache>(1000); }},
          {"redis", [] { return std::make_unique<RedisCache>(); }}};
}

}  // namespace liveops::test
