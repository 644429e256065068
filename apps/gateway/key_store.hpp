#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "apps/wiring/servers.hpp"
#include "ports/idempotency_store.hpp"
#include "ports/key_journal.hpp"

namespace liveops::apps {

/// Where the gateway keeps idempotency keys, with what that stands on.
struct KeyStore {
  std::unique_ptr<adapters::redis::Client> redis;  // null: the keys live in this process
  std::unique_ptr<ports::HealthCheck> health;      // null: nothing can fail
  std::unique_ptr<ports::IdempotencyStore> store;
  ports::KeyJournal* journal = nullptr;  // the store's, where it has one
};

/// In Redis where REDIS_URL is set; else in memory on the `inmem` bus, else durable below `settings.state_dir()`.
/// Errors: one line for the operator.
[[nodiscard]] core::Result<KeyStore> open_key_store(Host& host, ServiceShell& shell,
                                                    const adapters::config::Settings& settings);

}  // namespace liveops::apps
