#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "adapters/postgres/session.hpp"
#include "adapters/postgres/socket_watch.hpp"

struct pg_conn;

namespace liveops::adapters::postgres {

/// One open connection; runs one statement at a time and never blocks.
///
/// Threads: one at a time. After an error, `lost` says whether it can be used on.
class Connection {
 public:
  /// Takes over a connection whose handshake is done.
  Connection(pg_conn* raw, bool prepare);

  /// Errors: as `map_error`; `timeout` when the watch's deadline passes.
  [[nodiscard]] ports::Task<Rows> run(SocketWatch& watch, const Statement& statement, const Parameters& parameters);
  [[nodiscard]] ports::Task<Rows> run_text(SocketWatch& watch, const std::string& sql);

  /// Has the server said goodbye while nobody listened? One system call when it has not.
  [[nodiscard]] bool alive();
  /// Broken, ended by the server, or in the middle of a statement: only to be closed.
  [[nodiscard]] bool lost() const { return lost_; }
  /// Of the last statement that failed; empty when it was not the server who said so.
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }
  /// What the last statement did, e.g. "COMMIT" or "ROLLBACK".
  [[nodiscard]] const std::string& command() const { return command_; }

 private:
  struct Close {
    void operator()(pg_conn* raw) const;
  };

  [[nodiscard]] ports::Task<void> prepare(SocketWatch& watch, const Statement& statement);
  [[nodiscard]] ports::Task<Rows> exchange(SocketWatch& watch, int sent);
  [[nodiscard]] ports::Task<void> flush(SocketWatch& watch);
  [[nodiscard]] ports::Task<pg_result*> next_result(SocketWatch& watch);
  [[nodiscard]] core::Status judge(pg_result* result);
  [[nodiscard]] core::Error broken(SocketWatch& watch);

  std::unique_ptr<pg_conn, Close> raw_;
  bool prepare_;
  bool lost_ = false;
  std::string sqlstate_;
  std::string command_;
  std::unordered_set<std::string_view> prepared_;
};

}  // namespace liveops::adapters::postgres
