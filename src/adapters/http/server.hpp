#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "adapters/http/router.hpp"
#include "adapters/http/server_options.hpp"
#include "core/error.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"

namespace liveops::adapters::http {

class Shard;
struct ServerContext;

/// Serves a router's routes over HTTP/1.1, with keep-alive and pipelining (answered in order).
///
/// What clients can hold is bounded (ServerLimits): too many connections 503, a head too large 431, a body too large
/// for its route 413, too slow 408 or cut off; bytes that are no HTTP 400. Responses leave in one write.
///
/// Requires: each io_context is run by exactly one thread, and outlives the server. Router, metrics and log outlive the
/// io_contexts' last run. Threads: `start` and `stop` from any, one at a time.
class Server {
 public:
  /// One acceptor for each of `io_contexts`; several share the port (SO_REUSEPORT).
  Server(std::vector<boost::asio::io_context*> io_contexts, Router& router, ports::Metrics& metrics, ports::Log& log,
         std::string service, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds and begins to accept. Errors: `invalid_argument` (host or TLS files), `unavailable` (port in use, not
  /// allowed).
  [[nodiscard]] core::Status start();

  /// Where it listens, after `start`.
  [[nodiscard]] boost::asio::ip::tcp::endpoint local_endpoint() const { return endpoint_; }

  /// Stops accepting, ends idle connections, lets requests in flight finish with `Connection: close`, and cuts what is
  /// left after `deadline`. Completes when all connections are gone: true; false when a handler did not return even one
  /// second after its connection was cut. Call once, while every io_context is being run.
  [[nodiscard]] boost::asio::awaitable<bool> stop(std::chrono::milliseconds deadline);

 private:
  [[nodiscard]] core::Result<boost::asio::ip::tcp::endpoint> resolve() const;

  std::vector<boost::asio::io_context*> io_contexts_;
  ServerOptions options_;
  std::shared_ptr<ServerContext> context_;
  std::vector<std::shared_ptr<Shard>> shards_;
  boost::asio::ip::tcp::endpoint endpoint_;
};

}  // namespace liveops::adapters::http
