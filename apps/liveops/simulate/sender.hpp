#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "apps/liveops/gateway_client.hpp"
#include "apps/liveops/simulate/tally.hpp"
#include "apps/liveops/simulate/traffic.hpp"

namespace liveops::apps {

/// Sends a stream of simulated events over several connections, at a rate or as fast as answers come.
///
/// At a rate the schedule is open-loop: a request's latency counts from the moment it was due, so that a slow server
/// cannot hide its queue. A request that gets no answer, 429 of the key or 503 is sent again, the same event under the
/// same key, up to `kTries` times.
/// Threads: the io_context's one.
class Sender {
 public:
  struct Options {
    adapters::http_client::Url gateway;
    core::auth::SigningKey key;
    int connections = 16;
    std::size_t batch = 1;  // events a request; 1: POST /events
    double rate = 0;        // events a second; 0: as fast as it goes
    std::chrono::milliseconds duration{10'000};
    std::uint64_t max_events = 0;  // 0: no bound but the duration
  };
  static constexpr int kTries = 20;

  Sender(boost::asio::io_context& io, Options options, Traffic& traffic, Tally& tally);

  /// Sends until the time or the events are over and everything is answered or given up.
  [[nodiscard]] boost::asio::awaitable<void> run();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] boost::asio::awaitable<void> connection(std::unique_ptr<GatewayClient> client);
  [[nodiscard]] bool over() const;
  /// When the next request is due; now when there is no rate.
  [[nodiscard]] Clock::time_point claim_slot();
  [[nodiscard]] boost::asio::awaitable<void> send_single(GatewayClient& client, Clock::time_point due);
  [[nodiscard]] boost::asio::awaitable<void> send_batch(GatewayClient& client, Clock::time_point due);
  [[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds time);
  /// Books a batch's answer; gives the items to send again.
  [[nodiscard]] std::vector<SimulatedEvent> book(std::vector<SimulatedEvent> items, const std::string& body);

  boost::asio::io_context& io_;
  Options options_;
  Traffic& traffic_;
  Tally& tally_;
  core::SystemClock wall_clock_;
  Clock::time_point started_;
  std::uint64_t claimed_ = 0;  // events
};

}  // namespace liveops::apps
