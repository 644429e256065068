#include "tests/support/servers/rows_read.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace liveops::test {
namespace {

constexpr int kPatience = 500;
constexpr std::chrono::milliseconds kPause{20};

/// Until nobody but us is connected.
void wait_for_the_others(PostgresServer& server, const std::string& database) {
  for (int i = 0; i < kPatience; ++i) {
    const auto others = server.execute(database,
                                       "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                                       "backend_type = 'client backend' AND pid <> pg_backend_pid()");
    if (others.at(0) == "0") return;
    std::this_thread::sleep_for(kPause);
  }
  throw std::runtime_error("sessions are left over in database " + database);
}

}  // namespace

std::int64_t rows_scanned(PostgresServer& server, const std::string& database, const std::string& table) {
  wait_for_the_others(server, database);
  const auto rows =
      server.execute(database, "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relid = '" + table + "'::regclass");
  return std::stoll(rows.at(0));
}

}  // namespace liveops::test
