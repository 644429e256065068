#include <gtest/gtest.h>

#include <string>

#include "tests/integration/http/raw_client.hpp"
#include "tests/integration/http/test_server.hpp"

namespace liveops::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kGate = "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(HttpShutdown, LetsARunningRequestFinishAndClosesIdleConnections) {
  TestServer server;
  RawClient idle(server.port());
  EXPECT_EQ(idle.ask(kHello).status, 200);
  RawClient busy(server.port());
  busy.send(kGate);
  server.wait_at_gate(1);
  server.begin_stop(60s);
  EXPECT_TRUE(idle.at_end());
  server.open_gate();
  const auto answer = busy.read();
  EXPECT_EQ(answer.body, "through");
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(busy.at_end());
  EXPECT_TRUE(server.stopped());
}

TEST(HttpShutdown, StopsAcceptingAtOnce) {
  TestServer server;
  const auto port = server.port();
  EXPECT_TRUE(server.stop(1s));
  EXPECT_THROW(RawClient{port}, std::exception);
}

TEST(HttpShutdown, CutsWhatIsLeftAtTheDeadline) {
  TestServer server;
  RawClient half(server.port());
  half.send("GET /hello HTTP/1.1\r\nHo");
  RawClient other(server.port());
  EXPECT_EQ(other.ask(kHello).status, 200);
  EXPECT_TRUE(server.stop(10ms));
  EXPECT_TRUE(half.at_end());
}

TEST(HttpShutdown, SaysWhenAHandlerNeverReturned) {
  TestServer server;
  RawClient client(server.port());
  client.send(kGate);
  server.wait_at_gate(1);
  server.begin_stop(10ms);
  EXPECT_FALSE(server.stopped());
  EXPECT_TRUE(client.at_end());
}

TEST(HttpShutdown, WorksWithConnectionsOnSeveralThreads) {
  TestServer server({}, 100, 3);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    ASSERT_EQ(clients.back()->ask(kHello).status, 200);
  }
  EXPECT_TRUE(server.stop(10s));
  for (const auto& client : clients) EXPECT_TRUE(client->at_end());
}

TEST(HttpServer, RefusesToStartOnAPortInUseOrAnUnknownHost) {
  TestServer server;
  adapters::http::ServerOptions taken;
  taken.port = server.port();
  EXPECT_THROW(TestServer{taken}, std::runtime_error);
  adapters::http::ServerOptions unknown;
  unknown.host = "256.0.0.1";
  EXPECT_THROW(TestServer{unknown}, std::runtime_error);
  adapters::http::ServerOptions no_certificate;
  no_certificate.tls = adapters::http::TlsFiles{"/nonexistent/cert.pem", "/nonexistent/key.pem"};
  EXPECT_THROW(TestServer{no_certificate}, std::runtime_error);
}

}  // namespace
}  // namespace liveops::test
