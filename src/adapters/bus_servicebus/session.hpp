#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <proton/connection.hpp>
#include <proton/messaging_handler.hpp>
#include <proton/work_queue.hpp>
#include <string>
#include <vector>

#include "adapters/bus_servicebus/backoff.hpp"
#include "adapters/bus_servicebus/connection_string.hpp"
#include "adapters/bus_servicebus/loop.hpp"
#include "adapters/bus_servicebus/options.hpp"
#include "adapters/bus_servicebus/request_pair.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_servicebus {

/// What every session of a bus works with; outlives them.
struct Access {
  const Options& options;
  ConnectionString where;
  const core::Clock& clock;
  ports::Log& log;
  [[nodiscard]] std::string url() const;
};

/// One AMQP connection: connects again by itself, with a backoff, and renews what tokens it put. Those derived from it
/// open links, in `on_up`, and lose them, in `on_down`.
///
/// Threads: `post`, `status` and `close` any; everything else the loop's.
class Session : protected proton::messaging_handler {
 public:
  /// Called exactly once: on the connection's thread, or, when there is no connection, with nullptr on any.
  using Job = std::move_only_function<void(proton::connection*)>;
  using Authorised = std::move_only_function<void(core::Status)>;

  Session(Loop& loop, const Access& access, std::string what);
  ~Session() override = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void post(Job job);
  /// Errors: `unavailable`: not connected, and why.
  [[nodiscard]] core::Status status() const;
  /// It was connected or not any more, or what those derived from it announce.
  [[nodiscard]] runtime::Signal& news() { return news_; }
  /// Ends the connection, and with it, in time, this.
  void close();

  void tick();
  /// Ends every wait: the loop has ended.
  void give_up() { expire(Instant::max()); }
  [[nodiscard]] bool is_over() const { return over_.load(); }

 protected:
  [[nodiscard]] const Access& access() const { return access_; }
  /// Requires: connected.
  [[nodiscard]] proton::connection& connection() { return connection_; }
  [[nodiscard]] bool is_connected() const { return connected_; }
  [[nodiscard]] bool is_closing() const { return closing_.load(); }
  /// Puts a token for an entity unless there is one on this connection, and renews it from then on. Errors:
  /// `unauthenticated`, `unavailable`.
  void authorise(const std::string& address, Authorised done);

  /// The service does not accept the token for it any more: the next `authorise` puts a new one.
  void forget_token(const std::string& address) { tokens_.erase(address); }

  /// Connected: nothing is open yet.
  virtual void on_up() = 0;
  /// The connection is gone, with all links: every handle must be dropped and everything that waits told.
  virtual void on_down() = 0;
  /// Every 50 ms while connected.
  virtual void on_tick(Instant now) = 0;
  /// Every 50 ms, connected or not: ends waits whose deadline has passed.
  virtual void expire(Instant now) = 0;

  void on_error(const proton::error_condition&) final {}

 private:
  void on_connection_open(proton::connection& connection) final;
  void on_connection_error(proton::connection& connection) final;
  void on_transport_error(proton::transport& transport) final;
  void on_transport_close(proton::transport& transport) final;
  void connect();
  void run_jobs();
  void run(Job& job, proton::connection* connection);
  void tend(Instant now);
  void put_token(const std::string& address, Authorised done);
  [[nodiscard]] std::string make_token(const std::string& audience) const;
  void note(const std::string& problem);

  Loop& loop_;
  const Access& access_;
  const std::string what_;  // for the log
  std::atomic<bool> closing_{false};
  std::atomic<bool> over_{false};
  runtime::Signal news_;

  mutable std::mutex mutex_;
  proton::work_queue* queue_ = nullptr;  // while connected
  std::vector<Job> jobs_;
  std::string problem_ = "it is being connected";

  bool connecting_ = false;  // or connected: there is a transport
  bool connected_ = false;
  Backoff backoff_;
  proton::connection connection_;
  RequestPair cbs_{"$cbs"};
  std::map<std::string, Instant> tokens_;  // by entity: when to renew
};

}  // namespace liveops::adapters::bus_servicebus
