#include "adapters/http/server.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/http/shard.hpp"
#include "adapters/http/tls.hpp"

namespace liveops::adapters::http {

namespace asio = boost::asio;
using asio::ip::tcp;

Server::Server(std::vector<asio::io_context*> io_contexts, Router& router, ports::Metrics& metrics, ports::Log& log,
               std::string service, ServerOptions options)
    : io_contexts_(std::move(io_contexts)), options_(std::move(options)) {
  const ports::Labels labels{{"service", service}};
  context_ = std::make_shared<ServerContext>(
      router, options_.limits, log, metrics.gauge("liveops_http_connections", "Open client connections.", labels),
      metrics.counter("liveops_http_connections_refused_total", "Connections beyond the bound.", labels), nullptr);
}

Server::~Server() = default;

core::Result<tcp::endpoint> Server::resolve() const {
  tcp::resolver resolver(*io_contexts_.front());
  boost::system::error_code error;
  const auto found = resolver.resolve(options_.host, std::to_string(options_.port), tcp::resolver::passive, error);
  if (error || found.empty()) {
    return core::fail(core::Errc::invalid_argument, "cannot listen on host " + options_.host + ": " + error.message() +
                                                        "; give an address of this machine");
  }
  return found.begin()->endpoint();
}

core::Status Server::start() {
  if (options_.tls) {
    auto tls = make_server_tls(*options_.tls);
    if (!tls) return std::unexpected(std::move(tls.error()));
    context_->tls = std::move(*tls);
  }
  auto endpoint = resolve();
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  endpoint_ = *endpoint;
  for (auto* io : io_contexts_) {
    auto shard = std::make_shared<Shard>(*io, context_);
    if (const auto error = shard->listen(endpoint_, io_contexts_.size() > 1)) {
      return core::fail(core::Errc::unavailable, "cannot listen on " + options_.host + ":" +
                                                     std::to_string(options_.port) + ": " + error.message());
    }
    shards_.push_back(std::move(shard));
  }
  for (const auto& shard : shards_) shard->start();
  return {};
}

asio::awaitable<bool> Server::stop(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  const auto drain = [until](const std::shared_ptr<Shard>& shard) {
    return asio::co_spawn(shard->executor(), Shard::drain(shard, until), asio::deferred);
  };
  if (shards_.empty()) co_return true;
  // All at once: a shard that is done leaves its io_context without work, and perhaps without a thread.
  std::vector<decltype(drain(shards_.front()))> drains;
  for (const auto& shard : shards_) drains.push_back(drain(shard));
  const auto [order, errors, gone] = co_await asio::experimental::make_parallel_group(std::move(drains))
                                         .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  const bool none_failed = std::ranges::none_of(errors, [](const auto& error) { return error != nullptr; });
  co_return none_failed&& std::ranges::all_of(gone, std::identity{});
}

}  // namespace liveops::adapters::http
