#include "adapters/http_client/client.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>

#include "tests/integration/http/raw_client.hpp"
#include "tests/integration/http/test_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

using adapters::http_client::Client;
using adapters::http_client::ClientOptions;
using adapters::http_client::ClientResponse;
using adapters::http_client::Headers;
using adapters::http_client::Url;
using namespace std::chrono_literals;

/// A client whose coroutines are run to their end, one after another.
class BlockingClient {
 public:
  explicit BlockingClient(const std::string& url, ClientOptions options = {})
      : client_(io_.get_executor(), Url::parse(url).value(), std::move(options)) {}

  core::Result<ClientResponse> request(std::string method, std::string target, Headers headers = {},
                                       std::string body = {}) {
    auto result = boost::asio::co_spawn(
        io_, client_.request(std::move(method), std::move(target), std::move(headers), std::move(body)),
        boost::asio::use_future);
    io_.restart();
    io_.run();
    return result.get();
  }

 private:
  boost::asio::io_context io_{1};
  Client client_;
};

std::string url_of(const TestServer& server, std::string_view scheme = "http") {
  return std::string(scheme) + "://localhost:" + std::to_string(server.port());
}

/// A server's key and self-signed certificate for "localhost", made by the openssl program.
adapters::http::TlsFiles make_certificate(const TempDir& dir) {
  adapters::http::TlsFiles files{dir.path() / "cert.pem", dir.path() / "key.pem"};
  const auto command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
      "/CN=localhost -addext subjectAltName=DNS:localhost -keyout " +
      files.private_key + " -out " + files.certificate + " >/dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  return files;
}

TEST(HttpClient, SendsRequestsOverOneKeptConnection) {
  adapters::http::ServerOptions options;
  options.limits.max_connections = 1;
  TestServer server(options);
  BlockingClient client(url_of(server));
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.request("POST", "/echo", {{"X-Request-Id", "id-7"}}, "body " + std::to_string(i));
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    ASSERT_EQ(answer->status, 200);
    ASSERT_EQ(answer->body, "body " + std::to_string(i));
    ASSERT_EQ(answer->header("x-request-id"), "id-7");
  }
}

TEST(HttpClient, ReadsHeadAndErrorAnswers) {
  TestServer server;
  BlockingClient client(url_of(server));
  EXPECT_EQ(client.request("HEAD", "/hello")->status, 200);
  EXPECT_EQ(client.request("GET", "/nope")->status, 404);
  EXPECT_EQ(client.request("GET", "/hello")->body, "hello");
  EXPECT_EQ(client.request("POST", "/hello", {{"Connection", "close"}})->status, 405);
  EXPECT_EQ(client.request("GET", "/hello")->body, "hello");
}

TEST(HttpClient, ConnectsAgainWhenTheServerHasClosedMeanwhile) {
  adapters::http::ServerOptions options;
  options.limits.idle_timeout = 20ms;
  TestServer server(options);
  BlockingClient client(url_of(server));
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(client.request("GET", "/hello")->status, 200);
    // Gone for certain once a connection that fell silent later is.
    RawClient later(server.port());
    ASSERT_EQ(later.ask("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
    ASSERT_TRUE(later.at_end());
  }
}

TEST(HttpClient, NoServerIsUnavailable) {
  std::uint16_t port = 0;
  {
    TestServer server;
    port = server.port();
  }
  const auto answer = BlockingClient("http://127.0.0.1:" + std::to_string(port)).request("GET", "/");
  EXPECT_EQ(answer.error().code, core::Errc::unavailable);
}

TEST(HttpClient, AnAnswerThatDoesNotComeIsATimeout) {
  TestServer server;
  BlockingClient client(url_of(server), {.request_timeout = 20ms});
  EXPECT_EQ(client.request("GET", "/gate").error().code, core::Errc::timeout);
  EXPECT_EQ(client.request("GET", "/hello")->status, 200);
}

TEST(HttpClient, AnAnswerBeyondTheBoundIsCorrupt) {
  TestServer server;
  BlockingClient client(url_of(server), {.max_response_bytes = 1000});
  EXPECT_EQ(client.request("GET", "/big").error().code, core::Errc::corrupt);
}

TEST(HttpClient, LineBreaksInHeadersAreRefused) {
  TestServer server;
  BlockingClient client(url_of(server));
  EXPECT_EQ(client.request("GET", "/hello", {{"X", "a\r\nY: b"}}).error().code, core::Errc::invalid_argument);
  EXPECT_EQ(client.request("GET", "/he llo").error().code, core::Errc::invalid_argument);
}

TEST(HttpTls, RoundTripWithACheckedCertificate) {
  const TempDir dir;
  const auto files = make_certificate(dir);
  adapters::http::ServerOptions options;
  options.tls = files;
  TestServer server(options);
  BlockingClient client(url_of(server, "https"), {.ca_file = files.certificate});
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.request("POST", "/echo", {}, std::string(50'000, 'x'));
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    ASSERT_EQ(answer->body.size(), 50'000U);
  }
  EXPECT_EQ(client.request("GET", "/big")->body.size(), 4'000'000U);
}

TEST(HttpTls, AnUnknownCertificateOrPlainBytesAreRefused) {
  const TempDir dir;
  adapters::http::ServerOptions options;
  options.tls = make_certificate(dir);
  TestServer server(options);
  EXPECT_EQ(BlockingClient(url_of(server, "https")).request("GET", "/hello").error().code, core::Errc::unavailable);
  EXPECT_FALSE(BlockingClient(url_of(server, "http")).request("GET", "/hello").has_value());
}

}  // namespace
}  // namespace liveops::test
