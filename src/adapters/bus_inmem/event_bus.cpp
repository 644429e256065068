#include "adapters/bus_inmem/event_bus.hpp"

#include <utility>

#include "adapters/bus_inmem/consumer.hpp"

namespace liveops::adapters::bus_inmem {

using core::Errc;

EventBus::EventBus(const core::Clock& clock, Options options)
    : clock_(clock),
      options_(options),
      dead_(options.max_dead_letters),
      topics_{Topic(ports::Topic::events, clock_, options_), Topic(ports::Topic::verdicts, clock_, options_)} {}

EventBus::~EventBus() = default;

Topic& EventBus::topic(ports::Topic topic) {
  return topics_.at(static_cast<std::size_t>(topic));
}

ports::Task<std::vector<ports::PublishOutcome>> EventBus::publish(ports::Topic name,
                                                                  std::vector<core::Envelope> envelopes) {
  if (envelopes.empty()) co_return core::fail(Errc::invalid_argument, "nothing to publish");
  if (Faults::take(faults_.publishes)) co_return core::fail(Errc::unavailable, "publish failed as ordered");
  co_return topic(name).publish(std::move(envelopes));
}

ports::Task<std::unique_ptr<ports::EventConsumer>> EventBus::open_consumer(ports::Topic name, std::string group) {
  auto& stream = topic(name);
  co_return std::make_unique<Consumer>(stream, stream.group(group), dead_, faults_);
}

ports::Task<void> EventBus::check() {
  co_return core::Status();
}

std::size_t EventBus::max_body_bytes() const {
  return options_.max_body_bytes;
}

ports::Task<std::vector<ports::DeadLetter>> EventBus::list(std::size_t limit, std::string after) {
  co_return dead_.list(limit, after);
}

ports::Task<ports::DeadLetter> EventBus::show(std::string id) {
  co_return dead_.find(id);
}

ports::Task<void> EventBus::redrive(std::string id) {
  auto letter = dead_.find(id);
  if (!letter) co_return std::unexpected(letter.error());
  if (!topic(letter->topic).publish_to(letter->group, std::move(letter->envelope))) {
    co_return core::fail(Errc::unavailable, "the group's queue is full: try again when it has caught up");
  }
  dead_.remove(id);
  co_return core::Status();
}

void EventBus::fail_next_publish(int calls) {
  faults_.publishes.store(calls);
}
void EventBus::fail_next_ack(int calls) {
  faults_.acks.store(calls);
}

}  // namespace liveops::adapters::bus_inmem
