#include "adapters/http/shard.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <ctime>

#include "adapters/http/refusals.hpp"
#include "adapters/http/response_writer.hpp"

namespace liveops::adapters::http {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kMaxTick = 250ms;
constexpr auto kMinTick = 5ms;
constexpr auto kAcceptRetry = 100ms;  // after an error such as too many open files
constexpr auto kUnwindTime = 1s;      // for what was cut to end

/// RFC 9110 section 5.6.7: "Sun, 22 Nov 2026 18:21:24 GMT".
std::string http_date(core::Timestamp now) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                 kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                 utc.tm_min, utc.tm_sec);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::chrono::milliseconds tick_for(const ServerLimits& limits) {
  const auto shortest =
      std::min({limits.header_timeout, limits.body_timeout, limits.idle_timeout, limits.write_timeout});
  return std::clamp<std::chrono::milliseconds>(shortest / 4, kMinTick, kMaxTick);
}

}  // namespace

Shard::Shard(asio::io_context& io, std::shared_ptr<ServerContext> context)
    : io_(io),
      context_(std::move(context)),
      acceptor_(io.get_executor()),
      ticker_(io),
      gone_(io),
      tick_interval_(tick_for(context_->limits)),
      pacer_(context_->limits.refusals) {
  tick();
}

boost::system::error_code Shard::listen(asio::ip::tcp::endpoint& endpoint, bool share_port) {
  using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
  boost::system::error_code error;
  static_cast<void>(acceptor_.open(endpoint.protocol(), error));
  if (!error) static_cast<void>(acceptor_.set_option(asio::socket_base::reuse_address(true), error));
  if (!error && share_port) static_cast<void>(acceptor_.set_option(ReusePort(true), error));
  if (!error) static_cast<void>(acceptor_.bind(endpoint, error));
  if (!error) static_cast<void>(acceptor_.listen(asio::socket_base::max_listen_connections, error));
  if (!error) endpoint = acceptor_.local_endpoint(error);
  return error;
}

void Shard::start() {
  asio::co_spawn(executor(), accept_loop(shared_from_this()), asio::detached);
  asio::co_spawn(executor(), tick_loop(shared_from_this()), asio::detached);
}

asio::awaitable<void> Shard::accept_loop(std::shared_ptr<Shard> self) {
  boost::system::error_code error;
  while (self->acceptor_.is_open()) {
    Socket socket(self->executor());
    co_await self->acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (!self->acceptor_.is_open()) co_return;
    if (!error) {
      self->take(std::move(socket));
    } else if (error != asio::error::connection_aborted) {
      self->context_->log.warn("cannot accept connections", {{"error", error.message()}});
      asio::steady_timer pause(self->executor(), kAcceptRetry);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

void Shard::take(Socket socket) {
  boost::system::error_code ignored;
  static_cast<void>(socket.non_blocking(true, ignored));
  if (context_->connections.load(std::memory_order_relaxed) >= context_->limits.max_connections) {
    context_->refused_counter.add();
    std::string answer;
    append_response(answer, refusals::at_capacity(), {.keep_alive = false, .date = date_});
    if (!context_->tls) static_cast<void>(socket.write_some(asio::buffer(answer), ignored));
    static_cast<void>(socket.shutdown(Socket::shutdown_both, ignored));
    return;
  }
  static_cast<void>(socket.set_option(asio::ip::tcp::no_delay(true), ignored));
  spawn_connection(shared_from_this(), std::move(socket));
}

asio::awaitable<void> Shard::tick_loop(std::shared_ptr<Shard> self) {
  boost::system::error_code error;
  while (!self->draining_ || !self->connections_.empty()) {
    self->tick();
    self->ticker_.expires_after(self->tick_interval_);
    co_await self->ticker_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }
}

void Shard::tick() {
  now_ = steady_clock::now();
  date_ = http_date(context_->router.clock().now());
  context_->connections_gauge.set(context_->connections.load(std::memory_order_relaxed));
  for (Watched& connection : connections_) {
    if (connection.deadline > now_) continue;
    connection.deadline = steady_clock::time_point::max();
    connection.on_deadline();
  }
}

void Shard::begin_drain() {
  draining_ = true;
  boost::system::error_code ignored;
  static_cast<void>(acceptor_.close(ignored));
  for (Watched& connection : connections_) connection.on_drain();
  if (connections_.empty()) ticker_.cancel();
}

asio::awaitable<void> Shard::wait_until_gone_or(steady_clock::time_point deadline) {
  boost::system::error_code ignored;
  while (!connections_.empty() && steady_clock::now() < deadline) {
    gone_.expires_at(deadline);
    co_await gone_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<bool> Shard::drain(std::shared_ptr<Shard> self, steady_clock::time_point deadline) {
  self->begin_drain();
  co_await self->wait_until_gone_or(deadline);
  if (!self->connections_.empty()) {
    for (Watched& connection : self->connections_) connection.cut();
    co_await self->wait_until_gone_or(steady_clock::now() + kUnwindTime);
  }
  co_return self->connections_.empty();
}

void Shard::add(Watched& connection) {
  connections_.push_back(connection);
  context_->connections.fetch_add(1, std::memory_order_relaxed);
}

void Shard::remove(Watched& connection) {
  connection.unlink();
  context_->connections.fetch_sub(1, std::memory_order_relaxed);
  if (!draining_ || !connections_.empty()) return;
  gone_.cancel();
  ticker_.cancel();
}

}  // namespace liveops::adapters::http
