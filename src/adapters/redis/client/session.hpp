#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "adapters/redis/client/address.hpp"
#include "adapters/redis/client/async_context.hpp"
#include "adapters/redis/client/backoff.hpp"
#include "adapters/redis/client/client.hpp"
#include "adapters/redis/client/client_metrics.hpp"
#include "adapters/redis/client/greeting.hpp"
#include "adapters/redis/client/inbox.hpp"
#include "adapters/redis/client/request.hpp"

namespace liveops::adapters::redis {

/// A connection that comes back: makes it, greets, sends what is in the inbox, hands out the replies, notices the loss,
/// waits, makes it again.
///
/// Threads: any for the public part. Everything behind it happens under one mutex, on the executor's threads.
class Session final : public std::enable_shared_from_this<Session>, private AsyncContext::Listener {
 public:
  Session(boost::asio::any_io_executor executor, Address address, ClientOptions options, ports::Log& log,
          ports::Metrics& metrics);

  void start();
  /// Calls `request.done` once, from whatever thread.
  void submit(Request request);
  /// Ends all requests; log and metrics are not used afterwards.
  void stop();

  [[nodiscard]] std::uint64_t connections() const { return connections_.load(); }
  /// Why there is no connection, for an operator.
  [[nodiscard]] std::string trouble() const;

 private:
  enum class State : std::uint8_t { waiting, connecting, greeting, ready, stopped };

  // session.cpp: the life of the connection
  void attempt();
  void resolve();
  void try_next_endpoint();
  void open(const AsyncContext::Target& target);
  void ready();
  void lose(const std::string& why);
  void note_trouble(const std::string& why);
  void after(std::chrono::steady_clock::time_point when, void (Session::*then)());
  void connect_timed_out();

  // session_requests.cpp: what goes over it
  void connected() override;
  void replied(const redisReply& reply) override;
  void closed(const std::string& why) override;
  void wake();
  void send_waiting();
  void watch_deadline();
  void check_deadline();
  void end(Request request, Request::Outcome outcome);
  void end_all(const core::Error& why);

  const boost::asio::any_io_executor executor_;
  const Address address_;
  const ClientOptions options_;
  ports::Log& log_;
  ClientMetrics metrics_;
  Inbox inbox_;
  std::atomic<std::uint64_t> connections_{0};

  const std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();  // guards all below
  State state_ = State::waiting;
  boost::asio::ip::tcp::resolver resolver_;
  std::vector<std::string> ips_;  // of the host
  std::size_t next_ip_ = 0;   // goes on where the last attempt ended: one that never answers is not tried first again
  std::size_t ips_left_ = 0;  // in this attempt
  std::shared_ptr<AsyncContext> context_;
  std::optional<Greeting> greeting_;
  std::deque<Request> under_way_;  // oldest first, as their replies come
  std::string trouble_;
  Backoff backoff_;
  boost::asio::steady_timer timer_;
  std::uint64_t timer_run_ = 0;  // tells a run of the timer that was replaced
  bool deadline_watched_ = false;
};

}  // namespace liveops::adapters::redis
