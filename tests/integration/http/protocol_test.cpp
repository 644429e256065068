#include <gtest/gtest.h>

#include <string>

#include "tests/integration/http/raw_client.hpp"
#include "tests/integration/http/test_server.hpp"

namespace liveops::test {
namespace {

std::string post(std::string_view body, std::string_view more = "") {
  return "POST /echo HTTP/1.1\r\nHost: h\r\n" + std::string(more) + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(HttpServer, KeepsAConnectionForManyRequests) {
  TestServer server;
  RawClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    const std::string body = "request " + std::to_string(i);
    const auto answer = client.ask(post(body));
    ASSERT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body, body);
    ASSERT_FALSE(answer.has("Connection:"));
  }
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  TestServer server;
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 500; ++i) all += post(std::to_string(i));
  client.send(all);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.read().body, std::to_string(i));
}

TEST(HttpServer, ReadsARequestThatArrivesByteByByte) {
  TestServer server;
  RawClient client(server.port());
  const std::string request = post("slowly", "X-Mark: m\r\n");
  for (const char c : request) client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.read().body, "slowly");
}

TEST(HttpServer, KeepsTheHeadIntactWhileALargeBodyMovesTheBuffer) {
  TestServer server;
  RawClient client(server.port());
  constexpr std::string_view kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string body(90'000, 'x');
  const auto request = "POST /echo?headers HTTP/1.1\r\nHost: h\r\nX-Mark: mark\r\ntraceparent: " + std::string(kTrace) +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  client.send(request);
  client.send(body);
  const auto answer = client.read();
  EXPECT_EQ(answer.body, "mark" + std::string(kTrace));
  EXPECT_TRUE(answer.has("traceparent: " + std::string(kTrace)));
}

TEST(HttpServer, AcceptsChunkedBodiesAndWhatFollowsThem) {
  TestServer server;
  RawClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  client.send("6\r\n world\r\n0\r\n\r\n" + std::string(kHello));
  EXPECT_EQ(client.read().body, "hello world");
  EXPECT_EQ(client.read().body, "hello");
}

TEST(HttpServer, AnswersHeadWithoutABody) {
  TestServer server;
  RawClient client(server.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto answer = client.read(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("Content-Length: 5\r\n"));
  EXPECT_EQ(client.ask(kHello).body, "hello");
}

TEST(HttpServer, InvitesTheBodyOfAClientThatAsksFirst) {
  TestServer server;
  RawClient client(server.port());
  const auto invitation =
      client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(invitation.status, 100);
  EXPECT_EQ(client.ask("ok").body, "ok");
}

TEST(HttpServer, RefusesUnknownMethodsAndPathsAndKeepsTheConnection) {
  TestServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask("BREW /hello HTTP/1.1\r\nHost: h\r\n\r\n").status, 405);
  EXPECT_EQ(client.ask("POST /nope HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody").status, 404);
  EXPECT_EQ(client.ask(kHello).status, 200);
}

TEST(HttpServer, ClosesWhenTheClientAsksForIt) {
  TestServer server;
  RawClient client(server.port());
  const auto answer = client.ask("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.has("Connection: close\r\n"));
  EXPECT_TRUE(client.at_end());
}

TEST(HttpServer, ServesHttp10ClosingUnlessAskedToStay) {
  TestServer server;
  RawClient stays(server.port());
  EXPECT_TRUE(stays.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("Connection: keep-alive\r\n"));
  EXPECT_EQ(stays.ask("GET /hello HTTP/1.0\r\n\r\n").body, "hello");
  EXPECT_TRUE(stays.at_end());
}

TEST(HttpServer, AnswersBytesThatAreNoRequestWith400AndCloses) {
  TestServer server;
  RawClient client(server.port());
  const auto answer = client.ask("no request line\x01\r\n\r\n");
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.has("application/problem+json"));
  EXPECT_TRUE(answer.has("Connection: close"));
  client.finish_sending();
  EXPECT_TRUE(client.at_end());
}

TEST(HttpServer, SkipsEmptyLinesBeforeARequest) {
  TestServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask("\r\n\r\n" + std::string(kHello)).body, "hello");
}

TEST(HttpServer, SendsLargeResponsesWhole) {
  TestServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask("GET /big HTTP/1.1\r\nHost: h\r\n\r\n").body.size(), 4'000'000U);
  EXPECT_EQ(client.ask(kHello).body, "hello");
}

TEST(HttpServer, SeveralThreadsShareOnePort) {
  TestServer server({}, 100, 3);
  for (int i = 0; i < 30; ++i) {
    RawClient client(server.port());
    ASSERT_EQ(client.ask(kHello).body, "hello");
  }
}

}  // namespace
}  // namespace liveops::test
