#include "adapters/bus_local/event_bus.hpp"

#include <algorithm>
#include <utility>

#include "adapters/bus_local/consumer.hpp"

namespace liveops::adapters::bus_local {

using core::Errc;
using core::Result;
using core::Status;
using ports::PublishOutcome;

Result<std::unique_ptr<EventBus>> EventBus::open(const std::filesystem::path& directory, Options options,
                                                 const core::Clock& clock, ports::Log& log) {
  auto lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  auto for_writing = LogStore::open(directory / "bus.db");
  if (!for_writing) return std::unexpected(for_writing.error());
  auto for_reading = LogStore::open(directory / "bus.db");
  if (!for_reading) return std::unexpected(for_reading.error());
  std::unique_ptr<EventBus> bus(
      new EventBus({*std::move(lock), *std::move(for_writing), *std::move(for_reading)}, options, clock, log));
  if (!bus->restored_) return std::unexpected(bus->restored_.error());
  return bus;
}

EventBus::EventBus(Files files, Options options, const core::Clock& clock, ports::Log& log)
    : options_(options),
      clock_(clock),
      lock_(std::move(files.lock)),
      topics_{TopicLog(ports::Topic::events, options.max_in_flight, options.max_cached_bytes),
              TopicLog(ports::Topic::verdicts, options.max_in_flight, options.max_cached_bytes)},
      restored_(restore(files.for_writing)),
      reader_(std::move(files.for_reading)),
      journal_(std::move(files.for_writing), topics_, clock, log, {.max_bytes = options.max_bytes}) {}

EventBus::~EventBus() = default;

Status EventBus::restore(LogStore& store) {
  for (auto& topic : topics_) {
    const auto head = store.head(topic.topic());
    if (!head) return std::unexpected(head.error());
    const auto oldest = store.oldest(topic.topic());
    if (!oldest) return std::unexpected(oldest.error());
    auto addressed = store.addressed(topic.topic());
    if (!addressed) return std::unexpected(addressed.error());
    const auto positions = store.positions(topic.topic());
    if (!positions) return std::unexpected(positions.error());
    topic.restore(*head, *std::move(addressed));
    for (const auto& [group, position] : *positions) {
      topic.add_group(group, std::max(position, oldest->value_or(*head)));
    }
  }
  return {};
}

ports::Task<std::vector<PublishOutcome>> EventBus::publish(ports::Topic name, std::vector<core::Envelope> envelopes) {
  if (envelopes.empty()) co_return core::fail(Errc::invalid_argument, "nothing to publish");
  std::vector<PublishOutcome> outcomes;
  outcomes.reserve(envelopes.size());
  Frames frames;
  for (const auto& envelope : envelopes) {
    const bool fits = envelope.body.size() <= options_.max_body_bytes && frames.add(envelope);
    outcomes.push_back(fits ? PublishOutcome::stored : PublishOutcome::refused);
  }
  if (frames.count() == 0) co_return outcomes;
  co_return co_await journal_.publish(name, std::move(frames), std::move(outcomes));
}

ports::Task<std::unique_ptr<ports::EventConsumer>> EventBus::open_consumer(ports::Topic name, std::string group) {
  if (auto added = co_await journal_.add_group(name, group); !added) co_return std::unexpected(added.error());
  co_return std::make_unique<Consumer>(Consumer::Bus{journal_, reader_, clock_, options_.visibility}, topic(name),
                                       *topic(name).find_group(group));
}

ports::Task<void> EventBus::check() {
  return journal_.check();
}

std::size_t EventBus::max_body_bytes() const {
  return options_.max_body_bytes;
}

ports::Task<std::vector<ports::DeadLetter>> EventBus::list(std::size_t limit, std::string after) {
  return reader_.list(limit, std::move(after));
}

ports::Task<ports::DeadLetter> EventBus::show(std::string id) {
  return reader_.show(std::move(id));
}

ports::Task<void> EventBus::redrive(std::string id) {
  return journal_.redrive(std::move(id));
}

ports::Task<void> EventBus::tidy() {
  return journal_.tidy();
}

ports::Task<void> EventBus::limit_pages(std::int64_t pages) {
  co_return co_await journal_.run([pages](LogStore& store, DeadLetterTable&) {
    store.database().limit_pages(pages);
    return Status();
  });
}

}  // namespace liveops::adapters::bus_local
