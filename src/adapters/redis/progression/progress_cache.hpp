#pragma once

#include <chrono>
#include <string>

#include "adapters/redis/client/client.hpp"
#include "ports/progress_cache.hpp"

namespace liveops::adapters::redis {

/// ports::ProgressCache in Redis, one round trip a call. An entry ends `lifetime` after its version was first put.
///
/// An entry that cannot be read counts as none. Threads: any.
class ProgressCache final : public ports::ProgressCache {
 public:
  struct Options {
    std::string key_prefix = "progress:";
    std::chrono::seconds lifetime{60};
  };

  /// `client` must outlive this.
  ProgressCache(Client& client, Options options);

  ports::Task<std::optional<ports::Progress>> get(core::PlayerId player) override;
  ports::Task<void> put(std::vector<ports::Progress> progress) override;

 private:
  Client& client_;
  const Options options_;
  const Script put_newer_;
};

}  // namespace liveops::adapters::redis
