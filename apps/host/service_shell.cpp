#include "apps/host/service_shell.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <iterator>
#include <utility>

#include "apps/host/build_info.hpp"

namespace liveops::apps {

ServiceShell::ServiceShell(Host& host, std::string name)
    : host_(host),
      name_(std::move(name)),
      log_(host.clock, name_, host.log_level),
      metrics_(kVersion, kCommit),
      background_(host.io.background(), log_) {}

core::Status ServiceShell::listen(const ListenAddress& address, std::vector<ports::Route> routes,
                                  std::vector<ports::HealthCheck*> checks) {
  auto operations = adapters::http::operations_routes(
      std::move(checks), readiness_, [this] { return metrics_.scrape() + host_.shared_metrics.instruments(); });
  std::move(operations.begin(), operations.end(), std::back_inserter(routes));
  router_ = std::make_unique<adapters::http::Router>(
      std::move(routes), host_.authenticator, host_.clock, metrics_, log_,
      adapters::http::Router::Options{.service = name_, .max_in_flight = host_.max_in_flight});
  server_ = std::make_unique<adapters::http::Server>(
      host_.io.all(), *router_, metrics_, log_, name_,
      adapters::http::ServerOptions{
          .host = address.host, .port = address.port, .tls = host_.tls, .limits = host_.limits});
  if (auto started = server_->start(); !started) return started;
  const auto endpoint = server_->local_endpoint();
  const std::string host =
      endpoint.address().is_v6() ? "[" + endpoint.address().to_string() + "]" : endpoint.address().to_string();
  url_ = (host_.tls ? "https://" : "http://") + host + ":" + std::to_string(endpoint.port());
  log_.info("listening", {{"url", std::string_view(url_)}});
  return {};
}

std::future<bool> ServiceShell::stop_listening(std::chrono::milliseconds deadline) {
  if (!server_) {
    std::promise<bool> nothing_to_stop;
    nothing_to_stop.set_value(true);
    return nothing_to_stop.get_future();
  }
  return boost::asio::co_spawn(host_.io.background(), server_->stop(deadline), boost::asio::use_future);
}

}  // namespace liveops::apps
