#include "tests/integration/fairness_http/fairness_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <stdexcept>

#include "tests/support/run_task.hpp"

namespace liveops::test {

namespace asio = boost::asio;

core::auth::SigningKey test_signing_key() {
  return {core::KeyId::trusted("k"), std::string(32, 's')};
}

RouteServer::RouteServer(std::vector<ports::Route> routes, std::uint16_t port)
    : verifier_(core::auth::KeyRing({test_signing_key()}), {}),
      authenticator_(verifier_, {.api_token = kApiToken}),
      router_(std::move(routes), authenticator_, clock_, metrics_, log_, {.service = "fairness"}),
      server_({&io_}, router_, metrics_, log_, "fairness", {.port = port}) {
  if (auto started = server_.start(); !started) throw std::runtime_error(started.error().message);
  thread_ = std::jthread([this] { io_.run(); });
}

RouteServer::~RouteServer() {
  static_cast<void>(asio::co_spawn(io_, server_.stop(std::chrono::milliseconds(0)), asio::use_future).get());
  io_.stop();
}

core::FairnessRules FairnessServer::rules() {
  core::FairnessRules rules;
  rules.max_players = 10'000;
  rules.hard.bounds = {{core::EventType::progression, "xp", 5000}};
  return rules;
}

FairnessServer::FairnessServer(std::uint16_t port)
    : service_(rules(), fairness::Service::random_seed(), store_, reviews_, bus_, clock_, metrics_, log_),
      server_(service_.routes(), port) {}

bool FairnessServer::knows(const std::string& player) {
  for (const ports::Route& route : service_.routes()) {
    if (route.method != "GET" || route.path != "/players/{id}") continue;
    core::http::Request request;
    request.path_params = {player};
    return run(route.handler(request)).status == 200;
  }
  return false;
}

ScriptedServer::ScriptedServer(Make make, bool gate_open)
    : make_(std::move(make)), gate_open_(gate_open), server_(routes(), 0) {}

std::vector<ports::Route> ScriptedServer::routes() {
  return {{"POST",
           "/check/batch",
           ports::Access::player_data,
           std::size_t{1} << 20U,
           {"application/json"},
           [this](const core::http::Request& request) { return answer(request); }}};
}

asio::awaitable<core::http::Response> ScriptedServer::answer(const core::http::Request& request) {
  requests_.fetch_add(1);
  requests_.notify_all();
  if (!gate_open_) {
    if (!gate_) {
      gate_ = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor,
                                                   asio::steady_timer::time_point::max());
    }
    boost::system::error_code ignored;
    co_await gate_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return make_(request);
}

void ScriptedServer::wait_for_requests(int count) {
  for (int seen = requests_.load(); seen < count; seen = requests_.load()) requests_.wait(seen);
}

void ScriptedServer::open_gate() {
  asio::post(server_.io(), asio::use_future([this] {
               gate_open_ = true;
               gate_.reset();  // ends the waits; later the io_context is gone
             }))
      .get();
}

core::http::Response allow_all(const core::http::Request& request) {
  std::string body = R"({"verdicts":[)";
  for (std::size_t i = 0; i < boost::json::parse(request.body).as_array().size(); ++i) {
    body += i == 0 ? R"({"action":"allow"})" : R"(,{"action":"allow"})";
  }
  return {.status = 200, .body = body + "]}"};
}

}  // namespace liveops::test
