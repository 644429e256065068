#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "adapters/postgres/session.hpp"
#include "core/error.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace liveops::adapters::postgres {

struct PoolOptions {
  std::string url;   // postgresql://..., every option of libpq in it respected (TLS too)
  std::string name;  // "progression": for metrics, logs, application_name
  std::size_t max_connections = 8;
  std::size_t max_waiting = 2000;  // transactions that wait for a connection; beyond: `unavailable` at once
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds wait_timeout{2000};       // for a free connection
  std::chrono::milliseconds statement_timeout{5000};  // by the server (SET LOCAL) and, a second later, by us
  bool prepare = true;    // false: every statement is parsed anew, for PgBouncer before 1.21 in transaction mode
  unsigned attempts = 5;  // of a transaction that was refused by serialization_failure or deadlock_detected
};

/// Connections to one PostgreSQL server, made when needed, kept, and replaced when broken.
///
/// Works through PgBouncer in transaction mode: nothing lives in a session but prepared statements (`prepare`), and
/// every statement belongs to a transaction. Metrics: liveops_postgres_connections{pool,state},
/// _waiting{pool}, _transactions_total{pool,outcome}, _transaction_duration_seconds{pool}, _retries_total{pool}.
/// A session that sits idle inside a transaction for longer than a statement may take is ended by the server, so that a
/// process that froze keeps no locks.
/// Threads: any; a transaction runs wholly on the executor of the coroutine that awaits it, which must run one handler
/// at a time (an io_context with one thread, or a strand). Outlives its transactions.
class Pool {
 public:
  /// Does not connect yet. Errors: `invalid_argument` (the URL; the message never has its password).
  [[nodiscard]] static core::Result<std::unique_ptr<Pool>> create(PoolOptions options, ports::Log& log,
                                                                  ports::Metrics& metrics);
  virtual ~Pool() = default;

  /// Runs `work` between BEGIN and COMMIT. Its error rolls back and is given back. A serialization failure or deadlock
  /// runs it again (so: no effects outside the session), after a short random pause.
  /// Errors: `unavailable` (no connection, or lost before COMMIT was sent: nothing was done), `timeout` (lost while
  /// COMMIT was under way: unknown; or a statement took too long: nothing was done), else as `map_error`.
  template <class T>
  [[nodiscard]] ports::Task<T> transaction(std::function<ports::Task<T>(Session&)> work);

  /// The same for reading: one snapshot of the data (REPEATABLE READ, READ ONLY).
  template <class T>
  [[nodiscard]] ports::Task<T> read(std::function<ports::Task<T>(Session&)> work);

  /// Can a statement be run now? Errors: `unavailable`, with a message for /readyz that names no secret.
  [[nodiscard]] virtual ports::Task<void> check() = 0;

 protected:
  enum class Kind : std::uint8_t { write, read };
  [[nodiscard]] virtual ports::Task<void> run(Kind kind, std::function<ports::Task<void>(Session&)> work) = 0;
};

template <class T>
ports::Task<T> Pool::transaction(std::function<ports::Task<T>(Session&)> work) {
  if constexpr (std::is_void_v<T>) {
    co_return co_await run(Kind::write, std::move(work));
  } else {
    core::Result<T> result = core::fail(core::Errc::internal, "the transaction's work was not run");
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines): `run` keeps it until it has ended
    const auto done = co_await run(Kind::write, [&](Session& session) -> ports::Task<void> {
      result = co_await work(session);
      if (!result) co_return std::unexpected(result.error());
      co_return core::Status();
    });
    if (!done) co_return std::unexpected(done.error());
    co_return result;
  }
}

template <class T>
ports::Task<T> Pool::read(std::function<ports::Task<T>(Session&)> work) {
  core::Result<T> result = core::fail(core::Errc::internal, "the transaction's work was not run");
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines): `run` keeps it until it has ended
  const auto done = co_await run(Kind::read, [&](Session& session) -> ports::Task<void> {
    result = co_await work(session);
    if (!result) co_return std::unexpected(result.error());
    co_return core::Status();
  });
  if (!done) co_return std::unexpected(done.error());
  co_return result;
}

/// SQLSTATE -> error. 08*, 25006, 25P03, 28*, 3D000, 40*, 53*, 55P03, 57P*: `unavailable`; 57014: `timeout`; 23*:
/// `conflict`; XX001, XX002: `corrupt`; 22*: `invalid_argument`; else `internal`. Source: PostgreSQL 15, appendix A.
[[nodiscard]] core::Error map_error(std::string_view sqlstate, std::string_view message);

}  // namespace liveops::adapters::postgres
