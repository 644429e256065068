#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/bus_inmem/topic.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_inmem {

/// The bus inside one process; what it holds is gone with it.
///
/// At the bound of a group publish outcomes are `retry`; at the bound of the dead letters `dead_letter` answers
/// `unavailable`. What no group has been opened for is not kept.
class EventBus final : public ports::EventBus, public ports::DeadLetters {
 public:
  explicit EventBus(const core::Clock& clock, Options options = {});
  ~EventBus() override;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override;
  [[nodiscard]] std::size_t max_body_bytes() const override;

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;

  /// The next `calls` publishes answer `unavailable` and store nothing.
  void fail_next_publish(int calls);
  /// The next `calls` acks answer `unavailable`; the messages stay in flight.
  void fail_next_ack(int calls);

 private:
  [[nodiscard]] Topic& topic(ports::Topic topic);

  const core::Clock& clock_;
  Options options_;
  Faults faults_;
  DeadLetterBox dead_;
  std::array<Topic, 2> topics_;
};

}  // namespace liveops::adapters::bus_inmem
