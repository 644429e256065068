#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/bus_sqs/held_messages.hpp"
#include "adapters/bus_sqs/letter_box.hpp"
#include "adapters/bus_sqs/queues.hpp"
#include "core/time.hpp"

namespace liveops::adapters::bus_sqs {

/// A member of a consumer group: one of those that receive from its queue. A tag is a receipt handle.
///
/// `receive` waits in one long poll and, once that brought something, fills the batch with short ones side by side:
/// twice as many each time that they brought much, half when little. Nothing is polled, and so nothing taken from the
/// queue, when nobody waits. Waits shorter than a second are made of short polls. What a long poll is being sent when
/// `close` breaks it off comes again when its visibility ends. The age of a backlog is that of the oldest message in
/// hand, or of the last one that came: SQS does not tell more. Threads: any, but one `receive` at a time.
class Consumer final : public ports::EventConsumer {
 public:
  struct Bus {  // what it works with; outlives it
    SqsApi& api;
    const Options& options;
    const core::Clock& clock;
    std::function<void(boost::asio::awaitable<void>)> in_background;  // ends before the bus goes away
  };

  Consumer(Bus bus, ports::Topic topic, std::string group, Queue queue);
  ~Consumer() override;
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  ports::Task<std::vector<ports::Delivery>> receive(std::size_t max, std::chrono::milliseconds wait) override;
  ports::Task<void> ack(std::vector<std::string> tags) override;
  ports::Task<void> nack(std::vector<std::string> tags, std::chrono::milliseconds delay) override;
  ports::Task<void> dead_letter(ports::Delivery delivery, std::string reason) override;
  ports::Task<void> extend(std::vector<std::string> tags) override;
  ports::Task<ports::Backlog> backlog() override;
  void close() override;

 private:
  /// What is shared with work in the background, which may outlive this.
  struct Hand {
    explicit Hand(std::chrono::milliseconds visibility) : held(visibility) {}
    std::mutex mutex;
    HeldMessages held;
    bool closed = false;
    core::Timestamp last_sent_at{};  // of the last message that came
  };
  using Instant = std::chrono::steady_clock::time_point;

  [[nodiscard]] ports::Task<std::vector<Received>> poll(std::size_t max, std::chrono::seconds wait);
  /// Waits for the first messages. Empty when none came in time.
  [[nodiscard]] ports::Task<std::vector<Received>> first(std::size_t max, Instant deadline);
  /// Adds to `batch` what else is there.
  boost::asio::awaitable<void> fill(std::vector<Received>& batch, std::size_t max);
  /// The deliveries of what can be read; the rest goes to the dead letters.
  boost::asio::awaitable<std::vector<ports::Delivery>> sort_out(std::vector<Received> batch);
  /// False: it was closed meanwhile, and holds nothing.
  [[nodiscard]] bool hold(const std::vector<Received>& batch);
  /// They are not extended any more, whether they are done with or not: whoever held them does not any longer.
  void let_go(const std::vector<std::string>& tags);
  static boost::asio::awaitable<void> keep_extending(Bus bus, std::string url, std::shared_ptr<Hand> hand,
                                                     std::stop_token stop);

  Bus bus_;
  const ports::Topic topic_;
  const std::string group_;
  const Queue queue_;
  std::shared_ptr<Hand> hand_;
  std::stop_source stop_;
  std::size_t polls_ = 1;  // that fill a batch side by side
  unsigned failures_ = 0;  // of receives in a row
};

}  // namespace liveops::adapters::bus_sqs
