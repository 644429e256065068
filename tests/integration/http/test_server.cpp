#include "tests/integration/http/test_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>

namespace liveops::test {
namespace {

namespace asio = boost::asio;
using core::http::Request;
using core::http::Response;

constexpr std::size_t kMaxEcho = 100'000;
constexpr std::size_t kBigBytes = 4'000'000;

asio::awaitable<Response> text(std::string body) {
  co_return Response{.content_type = "text/plain", .body = std::move(body)};
}

std::vector<std::unique_ptr<asio::io_context>> make_contexts(int count) {
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  for (int i = 0; i < count; ++i) contexts.push_back(std::make_unique<asio::io_context>(1));
  return contexts;
}

std::vector<asio::io_context*> pointers(const std::vector<std::unique_ptr<asio::io_context>>& contexts) {
  std::vector<asio::io_context*> all;
  for (const auto& context : contexts) all.push_back(context.get());
  return all;
}

}  // namespace

TestServer::TestServer(adapters::http::ServerOptions options, int max_in_flight, int threads)
    : contexts_(make_contexts(threads)),
      verifier_(core::auth::KeyRing({{core::KeyId::trusted("k"), std::string(32, 's')}}), {}),
      authenticator_(verifier_, {}),
      router_(routes(), authenticator_, clock_, metrics_, log_, {.service = "test", .max_in_flight = max_in_flight}),
      server_(pointers(contexts_), router_, metrics_, log_, "test", std::move(options)),
      gate_(*contexts_.front(), asio::steady_timer::time_point::max()) {
  if (auto status = server_.start(); !status) throw std::runtime_error(status.error().message);
  for (const auto& context : contexts_) threads_.emplace_back([io = context.get()] { io->run(); });
}

TestServer::~TestServer() {
  if (!stopping_) static_cast<void>(stop(std::chrono::milliseconds(0)));
  open_gate();
}

std::vector<ports::Route> TestServer::routes() {
  const auto anybody = [](std::string method, std::string path, ports::Handler handler) {
    return ports::Route{.method = std::move(method),
                        .path = std::move(path),
                        .access = ports::Access::leaderboard,
                        .handler = std::move(handler)};
  };
  std::vector<ports::Route> all;
  all.push_back(anybody("POST", "/echo", [](const Request& request) {
    const bool sum_headers = request.query == "headers";
    return text(sum_headers ? std::string(request.header("x-mark")) + std::string(request.traceparent)
                            : std::string(request.body));
  }));
  all.back().max_body_bytes = kMaxEcho;
  all.push_back(anybody("GET", "/hello", [](const Request&) { return text("hello"); }));
  all.push_back(anybody("GET", "/big", [](const Request&) { return text(std::string(kBigBytes, 'b')); }));
  all.push_back(anybody("GET", "/gate", [this](const Request&) { return gate(); }));
  return all;
}

asio::awaitable<Response> TestServer::gate() {
  at_gate_.fetch_add(1);
  at_gate_.notify_all();
  boost::system::error_code ignored;
  if (!gate_open_) co_await gate_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return Response{.body = "through"};
}

void TestServer::wait_at_gate(int requests) {
  for (int seen = at_gate_.load(); seen < requests; seen = at_gate_.load()) at_gate_.wait(seen);
}

void TestServer::open_gate() {
  asio::post(*contexts_.front(), [this] {
    gate_open_ = true;
    gate_.cancel();
  });
}

void TestServer::begin_stop(std::chrono::milliseconds deadline) {
  stopping_ = true;
  stop_result_ = asio::co_spawn(*contexts_.front(), server_.stop(deadline), asio::use_future);
}

bool TestServer::stop(std::chrono::milliseconds deadline) {
  begin_stop(deadline);
  open_gate();
  return stopped();
}

}  // namespace liveops::test
