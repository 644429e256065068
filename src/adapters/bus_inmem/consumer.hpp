#pragma once

#include <atomic>

#include "adapters/bus_inmem/topic.hpp"

namespace liveops::adapters::bus_inmem {

/// A member of a consumer group. Threads: any, but one `receive` at a time.
class Consumer final : public ports::EventConsumer {
 public:
  Consumer(Topic& topic, Group& group, DeadLetterBox& dead, Faults& faults);
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
  Topic& topic_;
  Group& group_;
  DeadLetterBox& dead_;
  Faults& faults_;
  const std::uint32_t holder_;
  std::atomic<bool> closed_{false};
};

}  // namespace liveops::adapters::bus_inmem
