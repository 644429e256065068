#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/servers/child_process.hpp"
#include "tests/support/servers/postgres_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// A PgBouncer of the test's own, in transaction mode, before a PostgresServer, which outlives it.
class PgBouncer {
 public:
  /// Starts it; at most `server_connections` for each database. Throws std::runtime_error, which names the package.
  explicit PgBouncer(const PostgresServer& server, int server_connections = 2);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  [[nodiscard]] std::string url(std::string_view database) const;

 private:
  TempDir directory_;
  std::uint16_t port_ = free_port();
  std::optional<ChildProcess> process_;
};

}  // namespace liveops::test
