#pragma once

#include <atomic>

#include "adapters/bus_local/journal.hpp"
#include "adapters/bus_local/log_reader.hpp"
#include "adapters/bus_local/topic_log.hpp"

namespace liveops::adapters::bus_local {

/// A member of a consumer group. Threads: any, but one `receive` at a time.
class Consumer final : public ports::EventConsumer {
 public:
  struct Bus {  // what it works with; outlives it
    Journal& journal;
    LogReader& reader;
    const core::Clock& clock;
    std::chrono::milliseconds visibility;
  };

  Consumer(Bus bus, TopicLog& topic, Group& group);
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
  using Handouts = std::vector<runtime::Handout>;

  /// Takes what can be had; else lowers `at_most` to the time until the next redelivery.
  [[nodiscard]] Handouts take(std::size_t max, std::chrono::microseconds& at_most);
  [[nodiscard]] ports::Task<std::vector<ports::Delivery>> load(Handouts handouts);
  /// The segment that holds `offset`; reads ahead as far as `last` when it must go to the file.
  [[nodiscard]] ports::Task<SharedSegment> find(std::uint64_t offset, std::uint64_t last);
  void put_back(const Handouts& handouts, std::size_t from);

  Bus bus_;
  TopicLog& topic_;
  Group& group_;
  std::uint32_t holder_;
  std::atomic<bool> closed_{false};
  std::vector<SharedSegment> read_ahead_;  // from the file; of the receive that is under way or the last one
};

}  // namespace liveops::adapters::bus_local
