#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>

#include "adapters/http/input_buffer.hpp"
#include "adapters/http/rebase.hpp"
#include "adapters/http/request_parser.hpp"
#include "adapters/http/response_writer.hpp"
#include "adapters/http/shard.hpp"

namespace liveops::adapters::http {
namespace {

namespace asio = boost::asio;
using core::http::Request;
using core::http::Response;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using Code = boost::system::error_code;

constexpr std::size_t kReadBytes = 4096;
constexpr std::size_t kKeptBytes = 64 * 1024;     // of buffers, between requests
constexpr std::size_t kSkippedBytes = 64 * 1024;  // of a refused request's body, to keep its connection
constexpr std::size_t kLingerBytes = 8 * 1024 * 1024;
constexpr auto kLingerTime = 2s;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

enum class Step { done, closed, failed, timed_out, too_large };

/// One client's connection: reads, answers, reads, ... in order.
template <class Stream>
class Connection final : public Watched {
 public:
  Connection(std::shared_ptr<Shard> shard, Stream stream) : shard_(std::move(shard)), stream_(std::move(stream)) {
    Code ignored;
    const auto remote = socket().remote_endpoint(ignored);
    remote_address_ = remote.address().to_string();
    request_.remote_address = remote_address_;
    shard_->add(*this);
  }
  ~Connection() override { shard_->remove(*this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  static asio::awaitable<void> run(std::unique_ptr<Connection> self) {
    if (!co_await self->handshake()) co_return;
    while (co_await self->exchange()) {
    }
    co_await self->close();
  }

  void on_deadline() override {
    timed_out_ = true;
    Code ignored;
    static_cast<void>(socket().cancel(ignored));
    if (hold_) hold_->cancel();
  }
  void on_drain() override {
    if (idle_) on_deadline();
  }
  void cut() override {
    Code ignored;
    static_cast<void>(socket().close(ignored));
    if (hold_) hold_->cancel();
  }

 private:
  using HoldTimer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, Executor>;
  static constexpr bool kPlain = std::is_same_v<Stream, Socket>;

  Socket& socket() {
    if constexpr (kPlain) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }
  void allow(std::chrono::milliseconds time) { deadline = shard_->coarse_now() + time; }
  void allow_any_time() { deadline = steady_clock::time_point::max(); }

  asio::awaitable<bool> handshake();
  asio::awaitable<bool> exchange();
  asio::awaitable<Step> read_head();
  asio::awaitable<Step> read_body(std::size_t max_bytes);
  asio::awaitable<Step> read_sized_body(std::size_t size);
  asio::awaitable<Step> read_chunked_body(std::size_t max_bytes);
  asio::awaitable<Step> fill(std::size_t bytes);
  asio::awaitable<bool> send(const Response& response, bool keep_alive);
  asio::awaitable<bool> send_rest(std::size_t sent);
  asio::awaitable<bool> invite_body();
  asio::awaitable<bool> give_up(Step step, std::string part);
  asio::awaitable<bool> answer_refused(const Admission& admission);
  asio::awaitable<void> hold(steady_clock::duration time);
  asio::awaitable<void> end_tls();
  asio::awaitable<void> close();

  [[nodiscard]] std::optional<std::uint64_t> content_length() const {
    if (parser_->chunked()) return std::nullopt;
    return parser_->content_length().value_or(0);
  }
  void follow_buffer(std::uintptr_t old_base);
  void begin_request();
  void finish_request();

  std::shared_ptr<Shard> shard_;
  Stream stream_;
  std::string remote_address_;
  InputBuffer buffer_;
  std::optional<RequestParser> parser_;
  std::vector<core::http::HeaderView> headers_;
  Request request_;
  TraceStorage trace_;
  std::string out_;
  std::size_t body_in_buffer_ = 0;  // bytes after the head that belong to the request
  std::optional<HoldTimer> hold_;
  bool idle_ = false;
  bool timed_out_ = false;
  bool unread_ = false;  // the client may still be sending what nobody will read
};

template <class Stream>
asio::awaitable<bool> Connection<Stream>::handshake() {
  allow(shard_->limits().header_timeout);
  if constexpr (!kPlain) {
    Code error;
    co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
  }
  co_return true;
}

template <class Stream>
void Connection<Stream>::begin_request() {
  parser_.emplace(shard_->limits().max_header_bytes);
  body_in_buffer_ = 0;
  request_.body = {};
  request_.principal = {};
}

template <class Stream>
void Connection<Stream>::finish_request() {
  buffer_.consume(parser_->head_bytes() + body_in_buffer_);
  buffer_.shrink(kKeptBytes);
  out_.clear();
  if (out_.capacity() > kKeptBytes) out_.shrink_to_fit();
  allow(shard_->limits().idle_timeout);
}

/// One request and its response. True when the connection goes on.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::exchange() {
  begin_request();
  const Step head = co_await read_head();
  if (head != Step::done) co_return co_await give_up(head, "head");
  parser_->point(request_, buffer_.view(), headers_);
  auto& router = shard_->context().router;
  const auto admission = router.admit(request_, trace_, content_length());
  if (admission.refusal) co_return co_await answer_refused(admission);
  const Step body = co_await read_body(admission.max_body_bytes);
  if (body == Step::too_large) {
    unread_ = true;
    static_cast<void>(co_await send(router.refuse_body(admission, request_), false));
    co_return false;
  }
  if (body != Step::done) co_return co_await give_up(body, "body");
  allow_any_time();
  const Response response = co_await router.serve(admission, request_);
  const bool keep_alive = parser_->keep_alive() && !shard_->draining();
  if (!co_await send(response, keep_alive)) co_return false;
  finish_request();
  co_return keep_alive;
}

/// Says why a request could not be read, if there is anybody to hear it. False: the connection ends, as nobody knows
/// where the next request begins.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::give_up(Step step, std::string part) {
  if (step == Step::closed) co_return false;
  const auto fault = step == Step::timed_out ? ProtocolFault{408, "The request's " + part + " did not arrive in time."}
                                             : parser_->fault();
  timed_out_ = false;
  unread_ = true;
  const auto response = shard_->context().router.refuse_protocol(fault.status, fault.detail);
  request_.method = {};
  request_.traceparent = make_traceparent(trace_);
  request_.request_id = make_request_id(trace_);
  static_cast<void>(co_await send(response, false));
  co_return false;
}

template <class Stream>
asio::awaitable<Step> Connection<Stream>::read_head() {
  bool started = false;
  while (true) {
    while (!started && (buffer_.view().starts_with('\r') || buffer_.view().starts_with('\n'))) buffer_.consume(1);
    if (!buffer_.empty()) {
      if (!started) allow(shard_->limits().header_timeout);
      started = true;
      const auto progress = parser_->read_head(buffer_.view());
      if (progress == RequestParser::Progress::done) co_return Step::done;
      if (progress == RequestParser::Progress::failed) co_return Step::failed;
    }
    idle_ = !started;
    if (idle_ && shard_->draining()) co_return Step::closed;
    const Step step = co_await fill(kReadBytes);
    idle_ = false;
    if (step == Step::timed_out && started) co_return step;
    if (step != Step::done) co_return Step::closed;
  }
}

template <class Stream>
asio::awaitable<Step> Connection<Stream>::read_body(std::size_t max_bytes) {
  if (parser_->is_done()) co_return Step::done;
  allow(shard_->limits().body_timeout);
  const auto old_base = reinterpret_cast<std::uintptr_t>(buffer_.view().data());
  const auto length = parser_->content_length();
  const bool complete = length && buffer_.size() - parser_->head_bytes() >= *length;
  if (parser_->expects_continue() && !complete && !co_await invite_body()) co_return Step::closed;
  const Step step = parser_->chunked() ? co_await read_chunked_body(max_bytes) : co_await read_sized_body(*length);
  const auto bytes = buffer_.view();
  follow_buffer(old_base);
  request_.body = parser_->chunked() ? std::string_view(parser_->chunked_body())
                                     : bytes.substr(parser_->head_bytes(), body_in_buffer_);
  co_return step;
}

/// Lets the request's views point to where the buffer is now.
template <class Stream>
void Connection<Stream>::follow_buffer(std::uintptr_t old_base) {
  const auto bytes = buffer_.view();
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) == old_base) return;
  // The head alone: what was made for the request may lie right behind the old buffer.
  const Rebase rebase(old_base, bytes.substr(0, parser_->head_bytes()));
  for (auto* view : {&request_.method, &request_.target, &request_.path, &request_.query, &request_.traceparent,
                     &request_.request_id}) {
    rebase(*view);
  }
  for (auto& [name, value] : headers_) {
    rebase(name);
    rebase(value);
  }
}

template <class Stream>
asio::awaitable<Step> Connection<Stream>::read_sized_body(std::size_t size) {
  const std::size_t whole = parser_->head_bytes() + size;
  while (buffer_.size() < whole) {
    // Memory follows what has arrived, not what was announced.
    const std::size_t wanted = std::min(whole - buffer_.size(), std::max(kReadBytes, buffer_.size()));
    if (const Step step = co_await fill(wanted); step != Step::done) co_return step;
  }
  body_in_buffer_ = size;
  co_return Step::done;
}

template <class Stream>
asio::awaitable<Step> Connection<Stream>::read_chunked_body(std::size_t max_bytes) {
  while (true) {
    const auto raw = buffer_.view().substr(parser_->head_bytes());
    if (!raw.empty()) {
      std::size_t consumed = 0;
      const auto progress = parser_->read_chunks(raw, max_bytes, consumed);
      buffer_.erase(parser_->head_bytes(), consumed);
      if (progress == RequestParser::Progress::done) co_return Step::done;
      if (progress == RequestParser::Progress::failed) {
        co_return parser_->fault().status == 413 ? Step::too_large : Step::failed;
      }
    }
    if (const Step step = co_await fill(kReadBytes); step != Step::done) co_return step;
  }
}

/// Reads what there is, at least a byte.
template <class Stream>
asio::awaitable<Step> Connection<Stream>::fill(std::size_t bytes) {
  Code error;
  const std::size_t count =
      co_await stream_.async_read_some(buffer_.prepare(bytes), asio::redirect_error(asio::use_awaitable, error));
  if (timed_out_) co_return Step::timed_out;
  if (error) co_return Step::closed;
  buffer_.commit(count);
  co_return Step::done;
}

template <class Stream>
asio::awaitable<bool> Connection<Stream>::invite_body() {
  Code error;
  co_await asio::async_write(stream_, asio::buffer(kContinue), asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

/// Sends head and body in one piece.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::send(const Response& response, bool keep_alive) {
  out_.clear();
  append_response(out_, response,
                  {.keep_alive = keep_alive,
                   .http10 = parser_->is_http10(),
                   .head_only = request_.method == "HEAD",
                   .traceparent = request_.traceparent,
                   .request_id = request_.request_id,
                   .date = shard_->date()});
  std::size_t sent = 0;
  if constexpr (kPlain) {
    // Nearly always the socket takes it all at once; asking it directly saves a turn of the event loop.
    Code error;
    sent = stream_.write_some(asio::buffer(out_), error);
    if (error && error != asio::error::would_block && error != asio::error::try_again) co_return false;
  }
  co_return sent == out_.size() || co_await send_rest(sent);
}

template <class Stream>
asio::awaitable<bool> Connection<Stream>::send_rest(std::size_t sent) {
  allow(shard_->limits().write_timeout);
  Code error;
  co_await asio::async_write(stream_, asio::buffer(out_) + sent, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

/// Answers a request that was refused by its head, and reads past its body where that is cheap.
template <class Stream>
asio::awaitable<bool> Connection<Stream>::answer_refused(const Admission& admission) {
  const Response& response = *admission.refusal;
  const auto length = content_length();
  const bool skippable =
      length && *length <= kSkippedBytes && (*length == 0 || !parser_->expects_continue()) && response.status != 413;
  const bool keep_alive = skippable && parser_->keep_alive() && !shard_->draining();
  unread_ = !skippable;
  if (!co_await send(response, keep_alive) || !keep_alive) co_return false;
  allow(shard_->limits().body_timeout);
  if (co_await read_sized_body(*length) != Step::done) co_return false;
  finish_request();
  if (admission.at_capacity && !shard_->draining()) {
    if (const auto time = shard_->next_hold(); time > time.zero()) co_await hold(time);
  }
  co_return !timed_out_;
}

/// Reads nothing for a while. Ends early when the server drains.
template <class Stream>
asio::awaitable<void> Connection<Stream>::hold(steady_clock::duration time) {
  Code ignored;
  idle_ = true;
  hold_.emplace(shard_->executor(), time);
  co_await hold_->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  hold_.reset();
  idle_ = false;
}

/// Tells the client by TLS that nothing more comes, and waits a little for it to say the same.
template <class Stream>
asio::awaitable<void> Connection<Stream>::end_tls() {
  allow(kLingerTime);
  Code error;
  co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
}

/// Ends the connection so that the client can read the last response: closing with unread bytes would reset it.
template <class Stream>
asio::awaitable<void> Connection<Stream>::close() {
  Code error;
  if constexpr (!kPlain) {
    if (!timed_out_) co_await end_tls();
  }
  static_cast<void>(socket().shutdown(Socket::shutdown_send, error));
  allow(kLingerTime);
  std::size_t discarded = 0;
  while (unread_ && !error && discarded < kLingerBytes && !timed_out_) {
    buffer_.consume(buffer_.size());
    discarded += co_await socket().async_read_some(buffer_.prepare(kReadBytes),
                                                   asio::redirect_error(asio::use_awaitable, error));
  }
  static_cast<void>(socket().close(error));
}

template <class Stream>
void spawn(std::shared_ptr<Shard> shard, Stream stream) {
  const auto executor = shard->executor();
  auto connection = std::make_unique<Connection<Stream>>(std::move(shard), std::move(stream));
  asio::co_spawn(executor, Connection<Stream>::run(std::move(connection)), asio::detached);
}

}  // namespace

void spawn_connection(std::shared_ptr<Shard> shard, Socket socket) {
  if (const auto tls = shard->context().tls) {
    spawn(std::move(shard), asio::ssl::stream<Socket>(std::move(socket), *tls));
  } else {
    spawn(std::move(shard), std::move(socket));
  }
}

}  // namespace liveops::adapters::http
