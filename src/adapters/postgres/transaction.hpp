#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <optional>

#include "adapters/postgres/connection.hpp"
#include "adapters/postgres/session.hpp"
#include "adapters/postgres/socket_watch.hpp"

namespace liveops::adapters::postgres {

/// BEGIN to COMMIT on one connection, which outlives it.
///
/// Nothing is set for the session, only for the transaction, so that PgBouncer may give it any server connection.
/// Threads: the executor's, one at a time.
class Transaction final : public Session {
 public:
  enum class Kind { write, read };

  Transaction(Connection& connection, boost::asio::any_io_executor executor, std::chrono::milliseconds timeout);

  /// Errors: as Session::run.
  [[nodiscard]] ports::Task<void> begin(Kind kind);
  /// Errors: `timeout` (lost on the way: unknown whether it was done), else as Session::run, and nothing was done.
  [[nodiscard]] ports::Task<void> commit();
  /// Makes the connection usable again, or lost.
  [[nodiscard]] ports::Task<void> rollback();

  [[nodiscard]] ports::Task<Rows> run(const Statement& statement, Parameters parameters) override;
  [[nodiscard]] ports::Task<Rows> run_text(std::string sql) override;
  [[nodiscard]] ports::Task<void> set_statement_timeout(std::chrono::milliseconds timeout) override;
  [[nodiscard]] ports::Task<void> look_up_by_key() override;

  /// Of the first statement that failed.
  [[nodiscard]] const std::optional<core::Error>& failure() const { return failure_; }
  /// It failed because of what others did at the same time: the same again may succeed.
  [[nodiscard]] bool may_run_again() const { return may_run_again_; }
  /// The server did not answer in time.
  [[nodiscard]] bool unanswered() const { return unanswered_; }

 private:
  [[nodiscard]] core::Result<Rows> note(core::Result<Rows> outcome);
  [[nodiscard]] std::string settings() const;
  [[nodiscard]] core::Error gone() const;

  Connection& connection_;
  SocketWatch watch_;
  std::chrono::milliseconds timeout_;
  std::optional<core::Error> failure_;
  bool may_run_again_ = false;
  bool unanswered_ = false;
};

}  // namespace liveops::adapters::postgres
