#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/bus_redis/capacity.hpp"
#include "adapters/bus_redis/options.hpp"
#include "adapters/bus_redis/streams.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_redis {

/// Keeps order on the server, every second: makes the groups that are missing, trims what all have passed, forgets
/// members that are gone, and measures.
///
/// Trimming is safe whoever does it, and however many: only what is below every group's oldest need goes (its oldest
/// pending message, else what comes after the last it was given). A short lock spares the server doing it twice.
class House {
 public:
  House(Streams& streams, Capacity& capacity, const Options& options, ports::Log& log, ports::Metrics& metrics);

  /// Keeps house until `stop`.
  [[nodiscard]] boost::asio::awaitable<void> run(std::string member);
  void stop();

  /// Once, now. Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> keep();

 private:
  [[nodiscard]] ports::Task<void> keep_if_first(std::string member);
  /// After each new connection: says once what of the server's settings endangers messages.
  [[nodiscard]] boost::asio::awaitable<void> look_at_server();
  [[nodiscard]] ports::Task<void> ensure_groups();
  [[nodiscard]] ports::Task<void> trim_all();
  [[nodiscard]] ports::Task<void> trim(ports::Topic topic, std::size_t shard);
  /// The lowest id that some group still needs; zero: leave all as it is.
  [[nodiscard]] ports::Task<StreamId> lowest_need(ports::Topic topic, std::size_t shard);
  [[nodiscard]] ports::Task<void> forget_members();
  [[nodiscard]] ports::Task<void> measure();

  Streams& streams_;
  Capacity& capacity_;
  const Options& options_;
  ports::Log& log_;
  ports::Counter& trimmed_;
  ports::Gauge& bytes_;
  ports::Gauge& messages_;
  runtime::Signal stopped_;
  std::atomic<bool> stopping_{false};
  std::uint64_t seen_connections_ = 0;  // the loop's
  std::uint32_t rounds_ = 0;            // the loop's
};

}  // namespace liveops::adapters::bus_redis
