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
  // redis://[[user]:password@]host[:port][/db], unix://[[user]:password@]/path[?db=n], rediss:// where hiredis has TLS
  // (trusts the system's authorities, or those of SSL_CERT_FILE). User and password percent-encoded.
  std::string url;
  std::string name;                           // for CLIENT SETNAME, metrics and logs
  std::size_t max_queued_bytes = 16U << 20U;  // commands not yet answered; beyond: `unavailable` at once
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds command_timeout{2000};  // 0: none; raised by a blocking command's own time
};

/// One connection to one Redis server, shared by any number of coroutines: what they send meanwhile goes out together
/// (pipelining), in the order sent. Reconnects by itself with backoff and jitter (50 ms doubling to 2 s).
///
/// Threads: any; coroutines resume on their own executors, which must outlive the client. Commands under way when the
/// connection breaks end with `unavailable`, and it is not known whether the server did them. While there is no
/// connection commands end at once; only those that come before the first attempt to connect has ended wait for it.
/// A call cannot be cancelled: the command timeout ends it. Metrics: liveops_redis_connected{client},
/// liveops_redis_commands_total{client,outcome}, liveops_redis_command_duration_seconds{client} (of a call),
/// liveops_redis_reconnects_total{client}.
class Client {
 public:
  /// Connects in the background, on `executor`. Errors: `invalid_argument` (the URL, without its password; `rediss://`
  /// where this build has no TLS, with what to do).
  [[nodiscard]] static core::Result<std::unique_ptr<Client>> create(boost::asio::any_io_executor executor,
                                                                    ClientOptions options, ports::Log& log,
                                                                    ports::Metrics& metrics);
  /// Ends what is under way with `unavailable`; nothing of it runs on `executor` afterwards.
  virtual ~Client() = default;

  /// Errors: `unavailable` (not connected, queue full, connection lost; LOADING, READONLY, OOM, MASTERDOWN, BUSY,
  /// CLUSTERDOWN, TRYAGAIN, MISCONF, NOREPLICAS), `timeout` (the connection is closed then), `conflict` (BUSYGROUP,
  /// NOGROUP, WRONGTYPE), `not_found` (NOSCRIPT), `invalid_argument` (larger than the whole queue, or empty),
  /// `internal` (any other error reply). The server's text is in `detail`. An array with an error in it is that error.
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
///
/// Threads: any. Must outlive the calls under way; so must the client.
class Script {
 public:
  /// What one run is given: KEYS and ARGV.
  struct Input {
    std::vector<std::string> keys;
    std::vector<std::string> arguments;
  };

  explicit Script(std::string source);

  /// Errors: as Client::run.
  [[nodiscard]] ports::Task<Reply> run(Client& client, std::vector<std::string> keys,
                                       std::vector<std::string> arguments) const;

  /// Runs it once for each input, all in one go; keys may lie in different slots. Two round trips when the server does
  /// not know the script yet. Order: of the inputs, but for runs that met another client's loading of the script.
  /// Errors: as Client::run_all.
  [[nodiscard]] ports::Task<std::vector<core::Result<Reply>>> run_all(Client& client, std::vector<Input> inputs) const;

 private:
  std::string source_;
  std::string sha1_;
};

}  // namespace liveops::adapters::redis
