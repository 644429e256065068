#include "tests/support/servers/postgres_server.hpp"

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace liveops::test {

namespace {

constexpr const char* kPackage = "postgresql-15";

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// Debian keeps the programs of each release in a folder of its own; the newest one is taken.
std::string server_program(const std::string& name) {
  const std::filesystem::path root = "/usr/lib/postgresql";
  int newest = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(root, none)) {
    if (!std::filesystem::exists(entry.path() / "bin" / name)) continue;
    newest = std::max(newest, std::atoi(entry.path().filename().c_str()));
  }
  return newest == 0 ? name : (root / std::to_string(newest) / "bin" / name).string();
}

/// The processes whose parent is `parent`.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    const auto name_end = stat.rfind(") ");  // "pid (name) state parent ..."
    if (name_end == std::string::npos) continue;
    if (std::atoi(stat.c_str() + name_end + 4) == parent) children.push_back(pid);
  }
  return children;
}

}  // namespace

PostgresServer::PostgresServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
  if (account_ && chown(directory_.path().c_str(), account_->uid, account_->gid) != 0) {
    throw std::runtime_error("cannot give " + directory_.path().string() + " to the account of PostgreSQL");
  }
  run_program(
      program({server_program("initdb"), "--pgdata=" + (directory_.path() / "data").string(), "--username=liveops",
               "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"}));
  start();
}

PostgresServer::~PostgresServer() {
  if (!process_) return;
  resume();
  process_->stop(SIGQUIT);
}

Program PostgresServer::program(std::vector<std::string> command) const {
  return {.command = std::move(command),
          .log = directory_.path() / "log",
          .package = kPackage,
          .account = account_,
          .directory = directory_.path(),
          .death_signal = SIGQUIT};
}

std::string PostgresServer::url(std::string_view database) const {
  return "postgresql://liveops@127.0.0.1:" + std::to_string(port_) + "/" + std::string(database);
}

void PostgresServer::start() {
  std::vector<std::string> command{server_program("postgres"), "-D", (directory_.path() / "data").string()};
  std::vector<std::string> settings{"listen_addresses=127.0.0.1",
                                    "port=" + std::to_string(port_),
                                    "unix_socket_directories=" + directory_.path().string(),
                                    "fsync=off",
                                    "shared_buffers=32MB",
                                    "max_connections=60",
                                    "log_min_messages=warning"};
  settings.insert(settings.end(), settings_.begin(), settings_.end());
  for (const std::string& setting : settings) command.insert(command.end(), {"-c", setting});
  // After a kill the old processes may still hold the shared memory: then the new one ends at once.
  const bool up = wait_until([&] {
    if (!process_ || !process_->running()) process_.emplace(program(command));
    return wait_until([&] { return !process_->running() || accepts(); }) && process_->running();
  });
  if (up) return;
  throw std::runtime_error("PostgreSQL does not start (package '" + std::string(kPackage) + "'):\n" +
                           tail(directory_.path() / "log"));
}

bool PostgresServer::accepts() const {
  const Connection connection(PQconnectdb(url().c_str()), PQfinish);
  return PQstatus(connection.get()) == CONNECTION_OK;
}

void PostgresServer::stop(bool immediate) {
  process_->stop(immediate ? SIGQUIT : SIGINT);
}

void PostgresServer::restart(bool immediate) {
  stop(immediate);
  start();
}

void PostgresServer::kill() {
  signal_all(SIGKILL);
  process_->wait();
}

void PostgresServer::pause() {
  signal_all(SIGSTOP);
}

void PostgresServer::resume() {
  signal_all(SIGCONT);
}

void PostgresServer::signal_all(int number) {
  if (!process_->running()) return;
  // The first one starts the others: it goes first, so that none is made meanwhile.
  const auto children = [&] {
    if (number == SIGSTOP || number == SIGKILL) ::kill(process_->pid(), SIGSTOP);
    return children_of(process_->pid());
  }();
  for (const pid_t child : children) ::kill(child, number);
  process_->signal(number);
}

std::string PostgresServer::make_database() {
  std::string name = "test_" + std::to_string(++databases_);
  execute("postgres", "CREATE DATABASE " + name);
  return name;
}

std::vector<std::string> PostgresServer::execute(const std::string& database, const std::string& sql) const {
  const Connection connection(PQconnectdb(url(database).c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeProcessor(connection.get(), [](void*, const char*) {}, nullptr);
  const Result result(PQexec(connection.get(), sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
  }
  std::vector<std::string> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) rows.emplace_back(PQgetvalue(result.get(), row, 0));
  return rows;
}

PostgresServer& shared_postgres() {
  static PostgresServer server;
  return server;
}

}  // namespace liveops::test
