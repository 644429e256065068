#include "apps/wiring/servers.hpp"

#include "apps/host/blocking.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

core::Result<std::unique_ptr<adapters::postgres::Pool>> make_pool(ServiceShell& shell,
                                                                  const adapters::config::Settings& settings) {
  adapters::postgres::PoolOptions options;
  options.url = settings.db_url;
  options.name = shell.name();
  options.max_connections = static_cast<std::size_t>(settings.db_pool_size);
  options.prepare = settings.db_prepare;
  return adapters::postgres::Pool::create(std::move(options), shell.log(), shell.metrics());
}

core::Result<std::unique_ptr<adapters::redis::Client>> connect_redis(Host& host, ServiceShell& shell,
                                                                     const adapters::config::Settings& settings) {
  adapters::redis::ClientOptions options;
  options.url = settings.redis_url;
  options.name = shell.name();
  auto client = adapters::redis::Client::create(host.io.background().get_executor(), std::move(options), shell.log(),
                                                shell.metrics());
  if (!client) return client;
  const auto there =
      try_for_a_while(shell.log(), "Redis", [&] { return wait_for(host.io.background(), (*client)->check()); });
  if (!there) return std::unexpected(there.error());
  return client;
}

}  // namespace liveops::apps
