#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http_client/url.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::http_client {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;

  /// First header with this name (any case); empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{3'000};   // name, connect and TLS handshake
  std::chrono::milliseconds request_timeout{10'000};  // from the first byte sent to the last received
  std::size_t max_response_bytes = 64 * 1024 * 1024;
  std::string ca_file;  // https: PEM of the authorities to trust; empty: the system's
};

/// Sends requests to one server, one after another, over one connection that is kept and made again when needed.
///
/// A request that meets a kept connection which the server had closed meanwhile is sent once more on a new one, but
/// only where that is safe: GET, HEAD, PUT, DELETE, OPTIONS, or with an Idempotency-Key or webhook-id. Threads: only
/// the executor's; one request at a time.
class Client {
 public:
  /// Only scheme, host and port of `server` count. Connects with the first request.
  Client(boost::asio::any_io_executor executor, Url server, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// Host, Content-Length and, with a body and none given, Content-Type: application/json are added.
  /// Errors: `unavailable` (no connection: nothing was sent), `timeout` (unknown whether it was done: no whole answer
  /// came), `invalid_argument` (CA file, or a header with a line break), `corrupt` (the answer is no HTTP or too
  /// large).
  [[nodiscard]] ports::Task<ClientResponse> request(std::string method, std::string target, Headers headers = {},
                                                    std::string body = {});

  /// Drops the connection; the next request makes a new one.
  void close();

 private:
  class Session;
  std::shared_ptr<Session> session_;
};

}  // namespace liveops::adapters::http_client
