#pragma once

#include <memory>

#include "adapters/config/settings.hpp"
#include "adapters/postgres/pool.hpp"
#include "adapters/redis/client/client.hpp"
#include "apps/host/service_shell.hpp"
#include "ports/health.hpp"

/// The servers that the stores of a service stand on.
namespace liveops::apps {

/// A pool of connections to DB_URL; connects with the first transaction. Errors: `invalid_argument` (the URL).
[[nodiscard]] core::Result<std::unique_ptr<adapters::postgres::Pool>> make_pool(
    ServiceShell& shell, const adapters::config::Settings& settings);

/// A connection to REDIS_URL; blocks until the server answers, for at most `kStartPatience`.
/// Errors: `invalid_argument` (the URL), `unavailable`.
[[nodiscard]] core::Result<std::unique_ptr<adapters::redis::Client>> connect_redis(
    Host& host, ServiceShell& shell, const adapters::config::Settings& settings);

/// Redis as a dependency of /readyz.
class RedisHealth final : public ports::HealthCheck {
 public:
  RedisHealth(adapters::redis::Client& client, bool required) : client_(client), required_(required) {}
  [[nodiscard]] std::string name() const override { return "redis"; }
  [[nodiscard]] ports::Task<void> check() override { return client_.check(); }
  [[nodiscard]] bool stops_service(const core::Error& /*failure*/) const override { return required_; }

 private:
  adapters::redis::Client& client_;
  bool required_;
};

/// PostgreSQL as a dependency of /readyz.
class PoolHealth final : public ports::HealthCheck {
 public:
  explicit PoolHealth(adapters::postgres::Pool& pool) : pool_(pool) {}
  [[nodiscard]] std::string name() const override { return "store"; }
  [[nodiscard]] ports::Task<void> check() override { return pool_.check(); }

 private:
  adapters::postgres::Pool& pool_;
};

}  // namespace liveops::apps
