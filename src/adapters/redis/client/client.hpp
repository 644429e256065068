#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "adapters/redis/client/reply.hpp"
#include "core/error.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::redis {

struct ClientOptions {
  std::string url;   // redis://[user:password@]host[:port][/db], unix:///path[?db=n], rediss:// where hiredis has TLS
  std::string name;  // for CLIENT SETNAME, metrics and logs
  std::size_t max_queued_bytes = 16U << 20U;  // commands not yet answered; beyond: `unavailable` at once
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds command_timeout{2000};  // 0: none; raised by a blocking command's own time
};

/// One connection to one Redis server, shared by any number of coroutines: what they send meanwhile goes out together
/// (pipelining), in the order sent. Reconnects by itself with backoff and jitter (50 ms doubling to 2 s).
///
/// Threads: any; coroutines resume on their own executors. Commands under way when the connection breaks end with
/// `unavailable`, and it is not known whether the server did them. Metrics: liveops_redis_connected{client},
/// _commands_total{client,outcome}, _command_duration_seconds{client}, _reconnects_total{client}.
class Client {
 public:
  /// Connects in the background, on `executor`. Errors: `invalid_argument` (the URL, without its password; `rediss://`
  /// where this build has no TLS, with what to do).
  [[nodiscard]] static core::Result<std::unique_ptr<Client>> create(boost::asio::any_io_executor executor,
                                                                    ClientOptions options, ports::Log& log,
                                                                    ports::Metrics& metrics);
  /// Ends what is under way with `unavailable`.
  virtual ~Client() = default;

  /// Errors: `unavailable` (not connected, queue full, connection lost; LOADING, READONLY, OOM, MASTERDOWN, BUSY,
  /// CLUSTERDOWN), `timeout` (the connection is closed then), `conflict` (BUSYGROUP, NOGROUP, WRONGTYPE), `internal`
  /// (any other error reply; the text is in `detail`).
  [[nodiscard]] virtual ports::Task<Reply> run(Command command) = 0;

  /// Several in one go, answered in order. An error reply of one does not hinder the others.
  /// Errors: as `run`, for all of them, when the connection is lost.
  [[nodiscard]] virtual ports::Task<std::vector<core::Result<Reply>>> run_all(std::vector<Command> commands) = 0;

  /// As `run`, on a connection of its own that it may block (BLOCK, WAIT) for up to `wait` beyond the command timeout.
  /// Use a Client of its own for it.
  [[nodiscard]] virtual ports::Task<Reply> run_blocking(Command command, std::chrono::milliseconds wait) = 0;

  /// PING. Errors: `unavailable`, with a message for /readyz that names no secret.
  [[nodiscard]] virtual ports::Task<void> check() = 0;

  /// Counts connections that were made, from 1: when it grew, the server may have been restarted and may be empty.
  [[nodiscard]] virtual std::uint64_t connections() const = 0;
};

/// A Lua script, run by its SHA-1 (EVALSHA) and loaded when the server does not know it.
class Script {
 public:
  explicit Script(std::string source);
  /// Errors: as Client::run.
  [[nodiscard]] ports::Task<Reply> run(Client& client, std::vector<std::string> keys,
                                       std::vector<std::string> arguments) const;

 private:
  std::string source_;
  std::string sha1_;
};

}  // namespace liveops::adapters::redis
