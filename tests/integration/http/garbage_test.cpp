#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>
#include <string>

#include "tests/integration/http/raw_client.hpp"
#include "tests/integration/http/test_server.hpp"

namespace liveops::test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

/// Sends `bytes`, then reads whatever comes until the server closes.
void throw_at(const TestServer& server, std::string_view bytes) {
  RawClient client(server.port());
  client.send(bytes);
  client.finish_sending();
  static_cast<void>(client.read_all());
}

TEST(HttpGarbage, ArbitraryBytesNeverStopTheServer) {
  const TestServer server;
  EXPECT_TRUE(rc::check([&](const std::string& bytes) { throw_at(server, bytes); }));
  RawClient client(server.port());
  EXPECT_EQ(client.ask(kHello).body, "hello");
}

TEST(HttpGarbage, DamagedRequestsNeverStopTheServer) {
  const TestServer server;
  const std::string good =
      "POST /echo?x=1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX-Request-Id: a\r\n\r\n"
      "5;e=1\r\nhello\r\n0\r\nT: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" +
      std::string(kHello);
  std::mt19937 random(20261122);
  for (int round = 0; round < 1000; ++round) {
    auto bytes = good;
    for (unsigned damage = 0; damage <= random() % 4; ++damage) {
      const auto at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, 1 + random() % 8);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 16));
          break;
      }
    }
    throw_at(server, bytes);
  }
  RawClient client(server.port());
  EXPECT_EQ(client.ask(kHello).body, "hello");
}

}  // namespace
}  // namespace liveops::test
