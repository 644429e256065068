#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/task.hpp"

namespace liveops::runtime {

/// A delivery of a batch that can never be processed.
struct Poison {
  std::size_t index = 0;  // in the batch
  std::string reason;
};

/// Feeds one consumer group's messages to a handler, batch by batch, until closed.
///
/// The handler applies a batch all or nothing and names what is poison. Poison goes to the dead letters, the rest is acked
/// after the handler is done. `unavailable` and `timeout` from the handler: the batch is handed out again after a backoff
/// with full jitter (50 ms doubling to 5 s), for ever. Any other error: the batch is tried one by one, and a message that fails
/// alone `max_attempts` times is dead-lettered with the error as reason.
/// Threads: `run` on one executor; `stop` from any.
class BatchConsumer {
 public:
  struct Options {
    std::string group;
    std::size_t max_batch = 1000;
    std::chrono::milliseconds wait{1000};  // for the first message
    std::uint32_t max_attempts = 5;
  };
  using Handler = std::function<ports::Task<std::vector<Poison>>(const std::vector<ports::Delivery>&)>;

  BatchConsumer(ports::EventConsumer& consumer, Handler handler, Options options, ports::Log& log,
                ports::Metrics& metrics);

  /// Completes after `stop`, once the batch in hand is done or released.
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();

 private:
  ports::EventConsumer& consumer_;
  Handler handler_;
  Options options_;
  ports::Log& log_;
  std::atomic<bool> stopping_{false};
  ports::Counter& consumed_;
  ports::Counter& redelivered_;
  ports::Counter& dead_lettered_;
  ports::Histogram& batch_size_;
  ports::Histogram& batch_seconds_;
};

}  // namespace liveops::runtime
