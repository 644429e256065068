#include "apps/gateway/key_store.hpp"

#include <utility>

#include "adapters/memory/gateway/idempotency_store.hpp"
#include "adapters/redis/gateway/idempotency_store.hpp"
#include "adapters/store_sqlite/gateway/idempotency_store.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;

core::Result<KeyStore> open_redis(Host& host, ServiceShell& shell, const Settings& settings) {
  auto client = connect_redis(host, shell, settings);
  if (!client) return std::unexpected(client.error());
  KeyStore out{.redis = std::move(*client)};
  out.health = std::make_unique<RedisHealth>(*out.redis, true);
  adapters::redis::IdempotencyStore::Options options;
  options.retention = settings.idempotency_ttl;
  out.store = std::make_unique<adapters::redis::IdempotencyStore>(*out.redis, std::move(options));
  return out;
}

}  // namespace

core::Result<KeyStore> open_key_store(Host& host, ServiceShell& shell, const Settings& settings) {
  if (!settings.redis_url.empty()) return open_redis(host, shell, settings);
  const core::IdempotencyTable::Options options{.max_keys = settings.idempotency_max_keys,
                                                .retention = settings.idempotency_ttl};
  if (settings.bus_kind == adapters::config::BusKind::inmem)
    return KeyStore{.store = std::make_unique<adapters::memory::IdempotencyStore>(options)};
  auto durable = adapters::store_sqlite::IdempotencyStore::open(settings.state_dir(), options);
  if (!durable) return std::unexpected(durable.error());
  ports::KeyJournal& journal = **durable;
  return KeyStore{.store = std::move(*durable), .journal = &journal};
}

}  // namespace liveops::apps
