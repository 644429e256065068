#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/integration/http/raw_client.hpp"
#include "tests/integration/http/test_server.hpp"

namespace liveops::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kGate = "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n";

adapters::http::ServerOptions hasty() {
  adapters::http::ServerOptions options;
  options.limits.header_timeout = 40ms;
  options.limits.body_timeout = 40ms;
  options.limits.idle_timeout = 40ms;
  options.limits.write_timeout = 40ms;
  return options;
}

TEST(HttpLimits, ASlowHeadIsToldAndCutOff) {
  TestServer server(hasty());
  RawClient client(server.port());
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHo").status, 408);
  client.finish_sending();
  EXPECT_TRUE(client.at_end());
}

TEST(HttpLimits, ASlowBodyIsToldAndCutOff) {
  TestServer server(hasty());
  RawClient client(server.port());
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123").status, 408);
  client.finish_sending();
  EXPECT_TRUE(client.at_end());
}

TEST(HttpLimits, ASlowChunkedBodyIsToldAndCutOff) {
  TestServer server(hasty());
  RawClient client(server.port());
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe").status, 408);
}

TEST(HttpLimits, SilentConnectionsAreClosedWithoutAWord) {
  TestServer server(hasty());
  RawClient never_asked(server.port());
  RawClient asked_once(server.port());
  EXPECT_EQ(asked_once.ask(kHello).status, 200);
  EXPECT_TRUE(asked_once.at_end());
  EXPECT_TRUE(never_asked.at_end());
}

TEST(HttpLimits, AClientThatDoesNotTakeItsAnswerIsCutOff) {
  TestServer server(hasty());
  RawClient client(server.port());
  for (int i = 0; i < 10; ++i) client.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  RawClient other(server.port());
  EXPECT_EQ(other.ask(kHello).status, 200);
  EXPECT_TRUE(server.stop(10s));  // returns only once the stuck connection is gone
}

TEST(HttpLimits, ATooLargeHeadIs431) {
  adapters::http::ServerOptions options;
  options.limits.max_header_bytes = 1024;
  TestServer server(options);
  RawClient client(server.port());
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(5000, 'x') + "\r\n\r\n").status, 431);
}

TEST(HttpLimits, ATooLargeBodyIsAnsweredProperlyThoughTheClientSendsItAll) {
  TestServer server;
  RawClient client(server.port());
  const std::string body(1'000'000, 'x');
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  client.send(body);
  const auto answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(answer.has("Connection: close"));
  client.finish_sending();
  EXPECT_TRUE(client.at_end());
}

TEST(HttpLimits, ATooLargeChunkedBodyIs413) {
  TestServer server;
  RawClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i) client.send("2710\r\n" + std::string(10'000, 'x') + "\r\n");
  EXPECT_EQ(client.read().status, 413);
}

TEST(HttpLimits, ABodyWhereNoneIsTakenIs413) {
  TestServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").status, 413);
}

TEST(HttpLimits, ConnectionsBeyondTheBoundAreToldAndClosed) {
  adapters::http::ServerOptions options;
  options.limits.max_connections = 2;
  TestServer server(options);
  RawClient first(server.port());
  RawClient second(server.port());
  EXPECT_EQ(first.ask(kHello).status, 200);
  EXPECT_EQ(second.ask(kHello).status, 200);
  RawClient third(server.port());
  EXPECT_EQ(third.read().status, 503);
  EXPECT_TRUE(third.at_end());
  EXPECT_EQ(first.ask(kHello).status, 200);
  EXPECT_EQ(server.metric("liveops_http_connections_refused_total{service=test}"), 1);
}

/// A server that works on one request at a time, and does: somebody waits at its gate.
class HttpAtCapacity : public testing::Test {
 protected:
  void begin(adapters::http::RefusalPacer::Options refusals = {}) {
    adapters::http::ServerOptions options;
    options.limits.refusals = refusals;
    server_.emplace(options, 1);
    first_.emplace(server_->port());
    first_->send(kGate);
    server_->wait_at_gate(1);
  }
  void let_through() {
    server_->open_gate();
    EXPECT_EQ(first_->read().body, "through");
  }

  std::optional<TestServer> server_;
  std::optional<RawClient> first_;
};

TEST_F(HttpAtCapacity, OthersAreTold503AndWhenToComeAgain) {
  begin();
  RawClient second(server_->port());
  const auto refused = second.ask(kHello);
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.has("Retry-After: "));
  let_through();
  EXPECT_EQ(second.ask(kHello).status, 200);
}

TEST_F(HttpAtCapacity, ARefusedRequestsBodyIsReadPast) {
  begin();
  RawClient second(server_->port());
  constexpr std::string_view kEcho = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
  EXPECT_EQ(second.ask(kEcho).status, 503);
  EXPECT_EQ(second.ask(kEcho).status, 503);
  let_through();
  EXPECT_EQ(second.ask(kEcho).body, "body");
}

TEST_F(HttpAtCapacity, WhoIsRefusedAndAsksAgainAtOnceIsReadLater) {
  begin({.per_second = 100, .burst = 0, .max_hold = 10ms});
  RawClient second(server_->port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(second.ask(kHello).status, 503);
  let_through();
  EXPECT_EQ(second.ask(kHello).status, 200);
}

TEST_F(HttpAtCapacity, WhoIsNotReadIsLetGoWhenTheServerDrains) {
  begin({.per_second = 0.001, .burst = 0, .max_hold = 1h});
  RawClient second(server_->port());
  EXPECT_EQ(second.ask(kHello).status, 503);
  second.send(kHello);  // nobody reads this
  let_through();
  EXPECT_TRUE(server_->stop(10s));
  EXPECT_TRUE(second.at_end());
}

}  // namespace
}  // namespace liveops::test
