#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/bus_servicebus/subscriber.hpp"
#include "core/time.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_servicebus {

/// A member of a consumer group, on a connection of its own. A tag is the lock's token.
///
/// A message that is not done with within the visibility timeout is given back by this; the service does it when the
/// lock runs out, where this is gone. A nack with a delay holds the message, and its lock, until then.
/// The backlog is counted by looking at it, up to `Options::max_counted`: more are said to be that many.
/// Threads: any, but one `receive` at a time.
class Consumer final : public ports::EventConsumer {
 public:
  Consumer(std::shared_ptr<Subscriber> subscriber, const Access& access);
  ~Consumer() override;
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  /// Waits until there is a link, at most the request timeout. Errors: `unavailable`, and why.
  [[nodiscard]] ports::Task<void> attached();

  ports::Task<std::vector<ports::Delivery>> receive(std::size_t max, std::chrono::milliseconds wait) override;
  ports::Task<void> ack(std::vector<std::string> tags) override;
  ports::Task<void> nack(std::vector<std::string> tags, std::chrono::milliseconds delay) override;
  ports::Task<void> dead_letter(ports::Delivery delivery, std::string reason) override;
  ports::Task<void> extend(std::vector<std::string> tags) override;
  ports::Task<ports::Backlog> backlog() override;
  void close() override;

 private:
  [[nodiscard]] ports::Task<void> settle(std::vector<std::string> tags, Subscriber::Verdict verdict);
  /// Waits until the pull has ended, or this was closed. False: not until `limit`.
  [[nodiscard]] boost::asio::awaitable<bool> pulled(Instant limit);
  [[nodiscard]] ports::Task<std::vector<Incoming>> peek(std::int64_t from);

  const std::shared_ptr<Subscriber> subscriber_;
  const Access& access_;
  std::atomic<bool> closed_{false};
};

}  // namespace liveops::adapters::bus_servicebus
