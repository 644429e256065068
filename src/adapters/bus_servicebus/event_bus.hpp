#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_servicebus/entities.hpp"
#include "adapters/bus_servicebus/letter_desk.hpp"
#include "adapters/bus_servicebus/loop.hpp"
#include "adapters/bus_servicebus/publisher.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::bus_servicebus {

/// The bus on Azure Service Bus, over AMQP 1.0.
///
/// Topics, subscriptions and queues must be there: a group that has none cannot be opened. What is published on a topic
/// that has no subscription yet is gone, as Service Bus has it.
/// Letters are listed group by group, within one in the order of the service's sequence numbers; those of the groups in
/// `Options::groups` and of those opened here.
/// Connections recover by themselves. Must go away before the executors that wait for it, and after its consumers.
class EventBus final : public ports::EventBus, public ports::DeadLetters {
 public:
  /// Connects and shows the key; blocks. Errors: `unavailable`, `unauthenticated`, `invalid_argument` (an option); the
  /// message is one line that says what to do.
  [[nodiscard]] static core::Result<std::unique_ptr<EventBus>> open(Options options, const core::Clock& clock,
                                                                    ports::Log& log);
  ~EventBus() override;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  /// Errors also: `invalid_argument`: the group's name is none that a subscription may have.
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override;
  [[nodiscard]] std::size_t max_body_bytes() const override;

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;

 private:
  using Group = std::pair<ports::Topic, std::string>;

  EventBus(Options options, ConnectionString where, const core::Clock& clock, ports::Log& log);
  [[nodiscard]] core::Status start();
  /// Waits until it is known whether it can publish, at most the request timeout. Errors: why not.
  [[nodiscard]] ports::Task<void> ready();
  [[nodiscard]] LetterDesk& desk();
  [[nodiscard]] std::vector<Group> known_groups();
  [[nodiscard]] ports::DeadLetter letter_of(const Group& group, Incoming incoming) const;
  [[nodiscard]] ports::Task<Incoming> find(LetterId id);

  const Options options_;
  const Entities entities_;
  const Access access_;
  std::mutex mutex_;
  std::set<Group> groups_;
  std::shared_ptr<Publisher> publisher_;
  std::shared_ptr<LetterDesk> desk_;  // made when first needed
  std::unique_ptr<Loop> loop_;
};

}  // namespace liveops::adapters::bus_servicebus
