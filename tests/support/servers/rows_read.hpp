#pragma once

#include <cstdint>
#include <string>

#include "tests/support/servers/postgres_server.hpp"

namespace liveops::test {

/// Rows of the table (`schema.table`) that were read one after the other so far, and not found by an index, in
/// transactions of sessions that have ended.
///
/// A server process reports what it did when it ends: call this when the pool is closed.
[[nodiscard]] std::int64_t rows_scanned(PostgresServer& server, const std::string& database, const std::string& table);

}  // namespace liveops::test
