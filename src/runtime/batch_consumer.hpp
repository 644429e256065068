#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "ports/event_bus.hpp"
#include "ports/log.hpp"
#include "ports/metrics.hpp"
#include "ports/task.hpp"
#include "runtime/signal.hpp"

namespace liveops::runtime {

/// A delivery of a batch that can never be processed.
struct Poison {
  std::size_t index = 0;  // in the batch
  std::string reason;
};

/// Feeds one consumer group's messages to a handler, batch by batch, until closed.
///
/// The handler applies a batch all or nothing and names what is poison. Poison goes to the dead letters, the rest is
/// acked after the handler is done. `unavailable` and `timeout` from the handler: the batch is tried again after a
/// backoff with full jitter (50 ms doubling to 2 s), for ever: for `hold_for` as it is in hand, then handed back to the
/// bus, which counts a delivery more. Any other error, or an exception: the batch is tried by halves, and a message
/// that fails alone `max_attempts` times is dead-lettered with the error as reason. Threads: `run` on one executor;
/// `stop` from any.
class BatchConsumer {
 public:
  struct Options {
    std::string group;
    std::size_t max_batch = 1000;
    std::chrono::milliseconds wait{1000};  // for the first message
    std::chrono::milliseconds gather{0};   // after a batch that was not full, so that the next one is larger
    std::uint32_t max_attempts = 5;
    std::chrono::milliseconds backoff_first{50};
    std::chrono::milliseconds backoff_max{2000};
    std::chrono::milliseconds hold_for{0};  // on a bus that gives up on what is delivered too often: minutes
  };
  using Handler = std::function<ports::Task<std::vector<Poison>>(const std::vector<ports::Delivery>&)>;

  BatchConsumer(ports::EventConsumer& consumer, Handler handler, Options options, ports::Log& log,
                ports::Metrics& metrics);

  /// Completes after `stop`, once the batch in hand is done or released; closes the consumer.
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();
  /// Errors: why the last batch could not be processed and is tried again. Threads: any.
  [[nodiscard]] core::Status last_outcome();

 private:
  using Batch = std::vector<ports::Delivery>;

  [[nodiscard]] bool stopping();
  void succeeded();
  /// Whether a receive may begin; `stop` closes the consumer while one is under way, so that it ends at once.
  [[nodiscard]] bool begin_receive();
  void end_receive();
  boost::asio::awaitable<Batch> receive();
  boost::asio::awaitable<void> process(Batch batch);
  /// Finds the messages that fail alone, by halves: k of n cost some k log2(n) calls of the handler, the rest is acked.
  boost::asio::awaitable<void> isolate(Batch batch);
  /// Handles each part, and what fails again by halves; what failed alone is added to `failed`, with why in `errors`.
  /// Errors: a transient one; then everything that is not done is in `failed`.
  boost::asio::awaitable<core::Status> pass(std::vector<Batch> parts, Batch& failed, std::vector<core::Error>& errors);
  ports::Task<std::vector<Poison>> handle(const Batch& batch);
  boost::asio::awaitable<void> finish(Batch batch, std::vector<Poison> poison);
  boost::asio::awaitable<void> ack(const Batch& batch);
  boost::asio::awaitable<void> dead_letter(ports::Delivery delivery, std::string reason);
  /// After a transient failure: whether `batch` is still in hand and to be tried again, after a pause.
  boost::asio::awaitable<bool> keep(const Batch& batch, core::Error why, std::chrono::steady_clock::time_point until);
  void note_failure(const Batch& batch, core::Error why, std::chrono::milliseconds delay);
  boost::asio::awaitable<void> hand_back(const Batch& batch, core::Error why);
  boost::asio::awaitable<void> pause(std::chrono::milliseconds time);
  [[nodiscard]] std::chrono::milliseconds next_backoff();

  ports::EventConsumer& consumer_;
  Handler handler_;
  Options options_;
  ports::Log& log_;
  Signal stopped_;
  std::mutex mutex_;
  bool stopping_ = false;
  bool receiving_ = false;
  core::Status last_outcome_;
  unsigned failures_ = 0;  // in a row
  std::minstd_rand random_;
  ports::Counter& consumed_;
  ports::Counter& redelivered_;
  ports::Counter& dead_lettered_;
  ports::Histogram& batch_size_;
  ports::Histogram& batch_seconds_;
};

}  // namespace liveops::runtime
