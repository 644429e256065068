#include "tests/support/servers/pgbouncer.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace liveops::test {

PgBouncer::PgBouncer(const PostgresServer& server, int server_connections) {
  const auto account = unprivileged_account();
  const auto& path = directory_.path();
  if (account && chown(path.c_str(), account->uid, account->gid) != 0) {
    throw std::runtime_error("cannot give " + path.string() + " to the account of PgBouncer");
  }
  std::ofstream(path / "users") << "\"liveops\" \"\"\n";
  std::ofstream(path / "pgbouncer.ini") << "[databases]\n* = host=127.0.0.1 port=" << server.port()
                                        << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
                                        << "\nunix_socket_dir =\nauth_type = trust\nauth_file = "
                                        << (path / "users").string()
                                        << "\npool_mode = transaction\ndefault_pool_size = " << server_connections
                                        << "\n";
  const Program program{.command = {"/usr/sbin/pgbouncer", (path / "pgbouncer.ini").string()},
                        .log = path / "log",
                        .package = "pgbouncer",
                        .account = account,
                        .directory = path};
  process_.emplace(program);
  const bool up = wait_until([&] { return !process_->running() || PQping(url("postgres").c_str()) == PQPING_OK; });
  if (up && process_->running()) return;
  throw std::runtime_error("PgBouncer does not start (package 'pgbouncer'):\n" + tail(path / "log"));
}

PgBouncer::~PgBouncer() {
  process_->stop(SIGINT);
}

std::string PgBouncer::url(std::string_view database) const {
  return "postgresql://liveops@127.0.0.1:" + std::to_string(port_) + "/" + std::string(database);
}

}  // namespace liveops::test
