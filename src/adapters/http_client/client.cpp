#include "adapters/http_client/client.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "adapters/http_client/tls.hpp"
#include "core/http/message.hpp"

namespace liveops::adapters::http_client {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace beast = boost::beast;
using asio::ip::tcp;
using core::Errc;
using Code = boost::system::error_code;
using Parser = beast::http::response_parser<beast::http::string_body>;

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool has_header(const Headers& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& h) { return core::http::equals_ignore_case(h.first, name); });
}

/// True when sending twice does no harm (RFC 9110 section 9.2.2).
bool is_repeatable(std::string_view method, const Headers& headers) {
  constexpr std::array<std::string_view, 5> kIdempotent{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::ranges::find(kIdempotent, method) != kIdempotent.end() || has_header(headers, "idempotency-key") ||
         has_header(headers, "webhook-id");
}

core::Result<std::string> message_of(std::string_view authority, std::string_view method, std::string_view target,
                                     const Headers& headers, std::string_view body) {
  if (has_line_break(method) || has_line_break(target) || target.find(' ') != std::string_view::npos) {
    return core::fail(Errc::invalid_argument, "method and target must be without blanks and line breaks");
  }
  std::string out;
  out.reserve(256 + body.size());
  out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(authority).append("\r\n");
  for (const auto& [name, value] : headers) {
    if (has_line_break(name) || has_line_break(value)) {
      return core::fail(Errc::invalid_argument, "header " + name + " has a line break in it");
    }
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (!body.empty() && !has_header(headers, "content-type")) out.append("Content-Type: application/json\r\n");
  if (!body.empty() || method == "POST")
    out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return out.append("\r\n").append(body);
}

/// True when the answer itself is at fault, not the connection.
bool is_malformed(const Code& error) {
  return error.category() == Code(beast::http::error::bad_version).category() &&
         error != beast::http::error::end_of_stream && error != beast::http::error::partial_message;
}

ClientResponse response_of(Parser& parser) {
  auto message = parser.release();
  ClientResponse response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
  for (const auto& field : message) {
    response.headers.emplace_back(std::string_view(field.name_string().data(), field.name_string().size()),
                                  std::string_view(field.value().data(), field.value().size()));
  }
  return response;
}

}  // namespace

std::string_view ClientResponse::header(std::string_view name) const {
  const auto at =
      std::ranges::find_if(headers, [&](const auto& h) { return core::http::equals_ignore_case(h.first, name); });
  return at == headers.end() ? std::string_view{} : std::string_view(at->second);
}

/// The connection and its clock; kept alive by every running request.
class Client::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::any_io_executor executor, Url server, ClientOptions options)
      : server_(std::move(server)),
        authority_(server_.authority()),
        options_(std::move(options)),
        resolver_(executor),
        socket_(executor),
        timer_(executor) {}

  ports::Task<ClientResponse> request(std::string method, std::string target, Headers headers, std::string body) {
    const auto self = shared_from_this();
    auto message = message_of(authority_, method, target, headers, body);
    if (!message) co_return std::unexpected(std::move(message.error()));
    const bool reused = connected_;
    bool answered = false;
    auto response = co_await attempt(*message, method == "HEAD", answered);
    const bool gone_meanwhile = !response && reused && !answered && !timed_out_;
    if (gone_meanwhile && is_repeatable(method, headers))
      response = co_await attempt(*message, method == "HEAD", answered);
    co_return response;
  }

  void close() {
    Code ignored;
    connected_ = false;
    resolver_.cancel();
    static_cast<void>(socket_.close(ignored));
    if (tls_) static_cast<void>(tls_->next_layer().close(ignored));
  }

 private:
  ports::Task<void> connect();
  ports::Task<void> shake_hands();
  ports::Task<ClientResponse> attempt(const std::string& message, bool head_only, bool& answered);
  template <class Stream>
  asio::awaitable<Code> exchange(Stream& stream, const std::string& message, Parser& parser);

  /// Everything until `disarm` ends with an error once `time` has passed.
  void arm(std::chrono::milliseconds time) {
    timed_out_ = false;
    timer_.expires_after(time);
    timer_.async_wait([weak = weak_from_this()](const Code& error) {
      const auto self = weak.lock();
      if (error || !self || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
      self->timed_out_ = true;
      self->close();
    });
  }
  void disarm() { timer_.cancel(); }

  [[nodiscard]] core::Error connect_error(const Code& error) const {
    return {Errc::unavailable,
            "cannot connect to " + authority_ + ": " + (timed_out_ ? "no answer in time" : error.message()) +
                "; is the server running?",
            {}};
  }

  Url server_;
  std::string authority_;
  ClientOptions options_;
  tcp::resolver resolver_;
  tcp::socket socket_;  // plain
  TlsContext tls_context_;
  std::optional<ssl::stream<tcp::socket>> tls_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  bool connected_ = false;
  bool timed_out_ = false;
};

ports::Task<void> Client::Session::connect() {
  arm(options_.connect_timeout);
  Code error;
  const auto found = co_await resolver_.async_resolve(server_.host, std::to_string(server_.port),
                                                      asio::redirect_error(asio::use_awaitable, error));
  socket_ = tcp::socket(socket_.get_executor());
  if (!error && !timed_out_) {
    co_await asio::async_connect(socket_, found, asio::redirect_error(asio::use_awaitable, error));
  }
  if (error || timed_out_) co_return std::unexpected(connect_error(error));
  static_cast<void>(socket_.set_option(tcp::no_delay(true), error));
  buffer_.clear();
  if (server_.tls) {
    auto secured = co_await shake_hands();
    if (!secured) co_return secured;
  }
  disarm();
  connected_ = true;
  co_return core::Status{};
}

ports::Task<void> Client::Session::shake_hands() {
  if (!tls_context_) {
    auto made = make_client_tls(options_.ca_file);
    if (!made) co_return std::unexpected(std::move(made.error()));
    tls_context_ = std::move(*made);
  }
  tls_.emplace(std::move(socket_), *tls_context_);
  Code error;
  static_cast<void>(tls_->set_verify_callback(ssl::host_name_verification(server_.host), error));
  SSL_set_tlsext_host_name(tls_->native_handle(), server_.host.c_str());
  co_await tls_->async_handshake(ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
  if (error || timed_out_) co_return std::unexpected(connect_error(error));
  co_return core::Status{};
}

template <class Stream>
asio::awaitable<Code> Client::Session::exchange(Stream& stream, const std::string& message, Parser& parser) {
  Code error;
  co_await asio::async_write(stream, asio::buffer(message), asio::redirect_error(asio::use_awaitable, error));
  // A server may answer and close before it has read everything, so that the answer counts more than the write.
  Code read_error;
  co_await beast::http::async_read(stream, buffer_, parser, asio::redirect_error(asio::use_awaitable, read_error));
  co_return read_error;
}

ports::Task<ClientResponse> Client::Session::attempt(const std::string& message, bool head_only, bool& answered) {
  if (!connected_) {
    auto made = co_await connect();
    if (!made) {
      disarm();
      close();
      co_return std::unexpected(std::move(made.error()));
    }
  }
  arm(options_.request_timeout);
  Parser parser;
  parser.body_limit(options_.max_response_bytes);
  parser.skip(head_only);
  const Code error =
      server_.tls ? co_await exchange(*tls_, message, parser) : co_await exchange(socket_, message, parser);
  disarm();
  answered = parser.got_some();
  if (!error && !timed_out_) {
    if (!parser.keep_alive()) close();
    co_return response_of(parser);
  }
  close();
  if (!timed_out_ && answered && is_malformed(error)) {
    co_return core::fail(Errc::corrupt, authority_ + " sent an answer that cannot be read: " + error.message());
  }
  co_return core::fail(Errc::timeout, "no whole answer from " + authority_ + ": " +
                                          (timed_out_ ? std::string("time is over") : error.message()));
}

Client::Client(asio::any_io_executor executor, Url server, ClientOptions options)
    : session_(std::make_shared<Session>(std::move(executor), std::move(server), std::move(options))) {}

Client::~Client() {
  if (session_) session_->close();
}

Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

ports::Task<ClientResponse> Client::request(std::string method, std::string target, Headers headers, std::string body) {
  return session_->request(std::move(method), std::move(target), std::move(headers), std::move(body));
}

void Client::close() {
  session_->close();
}

}  // namespace liveops::adapters::http_client
