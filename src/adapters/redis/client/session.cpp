#include "adapters/redis/client/session.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <random>
#include <utility>

namespace liveops::adapters::redis {

using core::Errc;

Session::Session(boost::asio::any_io_executor executor, Address address, ClientOptions options, ports::Log& log,
                 ports::Metrics& metrics)
    : executor_(std::move(executor)),
      address_(std::move(address)),
      options_(std::move(options)),
      log_(log),
      metrics_(metrics, options_.name),
      inbox_(options_.max_queued_bytes),
      resolver_(executor_),
      trouble_("Redis at " + address_.display() + ": not connected yet"),
      backoff_(std::random_device{}()),
      timer_(executor_) {}

void Session::start() {
  const std::lock_guard lock(*mutex_);
  attempt();
}

void Session::stop() {
  const std::lock_guard lock(*mutex_);
  state_ = State::stopped;
  timer_.cancel();
  resolver_.cancel();
  if (context_ != nullptr) std::exchange(context_, nullptr)->close();
  end_all({Errc::unavailable, "the connection to Redis is shut down", {}});
}

std::string Session::trouble() const {
  const std::lock_guard lock(*mutex_);
  return trouble_;
}

void Session::attempt() {
  state_ = State::connecting;
  after(std::chrono::steady_clock::now() + options_.connect_timeout, &Session::connect_timed_out);
  if (address_.kind == Address::Kind::unix_socket) {
    open({.path = address_.path});
  } else {
    resolve();
  }
}

/// hiredis would look the name up itself, and block the executor for it.
void Session::resolve() {
  boost::system::error_code no_address;
  static_cast<void>(boost::asio::ip::make_address(address_.host, no_address));
  if (!no_address) {
    ips_ = {address_.host};
    ips_left_ = 1;
    return try_next_endpoint();
  }
  using Found = boost::asio::ip::tcp::resolver::results_type;
  resolver_.async_resolve(address_.host, "", [self = shared_from_this(), run = timer_run_](auto error, Found found) {
    const std::lock_guard lock(*self->mutex_);
    if (self->state_ != State::connecting || self->timer_run_ != run) return;
    if (error) return self->lose("the host '" + self->address_.host + "' is not found: " + error.message());
    self->ips_.clear();
    for (const auto& entry : found) self->ips_.push_back(entry.endpoint().address().to_string());
    self->ips_left_ = self->ips_.size();
    self->try_next_endpoint();
  });
}

void Session::try_next_endpoint() {
  --ips_left_;
  const std::string& ip = ips_[next_ip_++ % ips_.size()];
  open({.ip = ip, .port = address_.port, .tls_host = address_.kind == Address::Kind::tls ? address_.host : ""});
}

void Session::open(const AsyncContext::Target& target) {
  auto context = AsyncContext::open(executor_, mutex_, target, *this);
  if (!context) return closed(context.error().message);
  context_ = std::move(*context);
}

void Session::connect_timed_out() {
  lose(state_ == State::greeting ? "it does not answer" : "connecting takes too long");
}

void Session::ready() {
  state_ = State::ready;
  greeting_.reset();
  timer_.cancel();
  ++timer_run_;
  backoff_.reset();
  trouble_.clear();
  metrics_.connected(connections_.fetch_add(1) == 0);
  log_.info("connected to Redis", {{"client", options_.name}, {"address", address_.display()}});
  inbox_.open();
  // What waits is sent from the executor: this is called while hiredis reads.
  boost::asio::post(executor_, [self = shared_from_this()] { self->wake(); });
}

/// The attempt failed or the connection broke: everybody hears of it, and after a while it is tried again.
void Session::lose(const std::string& why) {
  if (context_ != nullptr) std::exchange(context_, nullptr)->close();
  const bool was_ready = state_ == State::ready;
  state_ = State::waiting;
  greeting_.reset();
  resolver_.cancel();
  if (was_ready) metrics_.disconnected();
  note_trouble(why);
  end_all({Errc::unavailable, was_ready ? "the connection to Redis was lost: try again" : "Redis is away: try again",
           options_.name + ": " + why});
  after(std::chrono::steady_clock::now() + backoff_.next(), &Session::attempt);
}

void Session::note_trouble(const std::string& why) {
  auto trouble = "Redis at " + address_.display() + ": " + why;
  if (trouble != trouble_) log_.warn("no connection to Redis", {{"client", options_.name}, {"reason", trouble}});
  trouble_ = std::move(trouble);
}

void Session::after(std::chrono::steady_clock::time_point when, void (Session::*then)()) {
  timer_.expires_at(when);
  timer_.async_wait([self = shared_from_this(), run = ++timer_run_, then](boost::system::error_code) {
    const std::lock_guard lock(*self->mutex_);
    if (self->state_ == State::stopped || self->timer_run_ != run) return;
    (self.get()->*then)();
  });
}

}  // namespace liveops::adapters::redis
