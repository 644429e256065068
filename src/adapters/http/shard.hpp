#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/http/router.hpp"
#include "adapters/http/server_options.hpp"

namespace liveops::adapters::http {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

/// A connection as its shard watches it.
class Watched : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~Watched() = default;
  /// Ends what the connection waits for now: its time is over.
  virtual void on_deadline() = 0;
  /// Called once when the server drains: an idle connection ends.
  virtual void on_drain() = 0;
  /// Closes the socket, whatever goes on.
  virtual void cut() = 0;

  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// What all shards of a server share.
struct ServerContext {
  Router& router;
  ServerLimits limits;
  ports::Log& log;
  ports::Gauge& connections_gauge;
  ports::Counter& refused_counter;
  std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain
  std::atomic<int> connections{0};
};

/// One io_context's part of a server: acceptor, connections, and the tick that enforces their deadlines (no timer is
/// armed for a read or write).
///
/// Threads: only that of the io_context, but for the constructor and `listen`.
class Shard : public std::enable_shared_from_this<Shard> {
 public:
  Shard(boost::asio::io_context& io, std::shared_ptr<ServerContext> context);

  /// Binds; `endpoint` then holds the port that was picked. Errors: the system's.
  [[nodiscard]] boost::system::error_code listen(boost::asio::ip::tcp::endpoint& endpoint, bool share_port);
  /// Begins to accept.
  void start();

  /// Stops accepting, ends idle connections, waits until no connection is left and at `deadline` cuts those that are.
  /// False when some did not even end then (a handler that does not return).
  [[nodiscard]] static boost::asio::awaitable<bool> drain(std::shared_ptr<Shard> self,
                                                          std::chrono::steady_clock::time_point deadline);

  [[nodiscard]] Executor executor() const { return io_.get_executor(); }
  [[nodiscard]] ServerContext& context() const { return *context_; }
  [[nodiscard]] const ServerLimits& limits() const { return context_->limits; }
  [[nodiscard]] bool draining() const { return draining_; }
  /// The time at the last tick.
  [[nodiscard]] std::chrono::steady_clock::time_point coarse_now() const { return now_; }
  /// Value of the Date header at the last tick.
  [[nodiscard]] std::string_view date() const { return date_; }

  /// Counts a refusal for lack of capacity; how long its connection is left unread.
  [[nodiscard]] std::chrono::steady_clock::duration next_hold() {
    return pacer_.next_hold(std::chrono::steady_clock::now());
  }

  void add(Watched& connection);
  /// Called by a connection's destructor.
  void remove(Watched& connection);

 private:
  using Connections = boost::intrusive::list<Watched, boost::intrusive::constant_time_size<false>>;

  static boost::asio::awaitable<void> accept_loop(std::shared_ptr<Shard> self);
  static boost::asio::awaitable<void> tick_loop(std::shared_ptr<Shard> self);
  void take(Socket socket);
  void tick();
  void begin_drain();
  boost::asio::awaitable<void> wait_until_gone_or(std::chrono::steady_clock::time_point deadline);

  boost::asio::io_context& io_;
  std::shared_ptr<ServerContext> context_;
  boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor> acceptor_;
  boost::asio::steady_timer ticker_;
  boost::asio::steady_timer gone_;
  std::chrono::milliseconds tick_interval_;
  std::chrono::steady_clock::time_point now_;
  std::string date_;
  RefusalPacer pacer_;
  Connections connections_;
  bool draining_ = false;
};

/// Serves `socket` until it ends, on the shard's executor.
void spawn_connection(std::shared_ptr<Shard> shard, Socket socket);

}  // namespace liveops::adapters::http
