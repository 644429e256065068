#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "adapters/redis/client/client.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::adapters::redis {

/// Idempotency keys in Redis (7.0 or later), for any number of gateways.
///
/// One round trip a call; two when a call fails half-way. Reservations and completed keys end by Redis's clock, `now`
/// does not count. After a call that failed some of its keys may stay reserved until their time is over.
/// Threads: any. Memory: some 110 bytes of Redis a key.
class IdempotencyStore final : public ports::IdempotencyStore {
 public:
  struct Options {
    std::string key_prefix = "idem:";
    std::chrono::seconds retention{24 * 3600};
    // A holder that vanished loses its key after this, and retries get 409 until then. Longer than a request takes,
    // whose publishing ends after 5 s; were it not, both would publish the same event id, which counts once.
    std::chrono::seconds reservation{10};
  };

  /// `client` must outlive this.
  IdempotencyStore(Client& client, Options options);

  ports::Task<std::vector<ports::IdempotencyState>> begin(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> complete(std::vector<Entry> entries, core::Timestamp now) override;
  ports::Task<void> abandon(std::vector<core::EventId> ids) override;

 private:
  [[nodiscard]] std::string key(const core::EventId& id) const;
  [[nodiscard]] ports::Task<void> release(std::vector<std::string> keys);

  Client& client_;
  const Options options_;
  const Script release_reserved_;
};

}  // namespace liveops::adapters::redis
