#include "adapters/bus_local/event_bus.hpp"

#include <algorithm>
#include <utility>

#include "adapters/bus_local/consumer.hpp"

namespace liveops::adapters::bus_local {

using core::Errc;
using core::Result;
using core::Status;
using ports::PublishOutcome;

namespace {

constexpr std::array kTopics{ports::Topic::events, ports::Topic::verdicts};

/// So that a small bound, too, is made up of several files: space comes back a file at a time.
MessageLog::Options log_options(std::uint64_t max_bytes) {
  constexpr std::uint64_t kLeast = 64U << 10U;
  return {.file_bytes = std::clamp(max_bytes / 16, kLeast, MessageLog::Options{}.file_bytes)};
}

Result<MessageLogs> open_logs(const std::filesystem::path& directory, GroupStore& groups, std::uint64_t max_bytes) {
  MessageLogs logs;
  for (std::size_t i = 0; i < kTopics.size(); ++i) {
    const auto positions = groups.positions(kTopics[i]);
    if (!positions) return std::unexpected(positions.error());
    std::uint64_t head = 0;
    for (const auto& [group, position] : *positions) head = std::max(head, position);
    auto log = MessageLog::open(directory, kTopics[i], head, log_options(max_bytes));
    if (!log) return std::unexpected(log.error());
    logs[i] = *std::move(log);
  }
  return logs;
}

}  // namespace

Result<std::unique_ptr<EventBus>> EventBus::open(const std::filesystem::path& directory, Options options,
                                                 const core::Clock& clock, ports::Log& log) {
  auto lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  auto for_writing = GroupStore::open(directory / "bus.db");
  if (!for_writing) return std::unexpected(for_writing.error());
  auto for_reading = GroupStore::open(directory / "bus.db");
  if (!for_reading) return std::unexpected(for_reading.error());
  auto logs = open_logs(directory, *for_writing, options.max_bytes);
  if (!logs) return std::unexpected(logs.error());
  std::unique_ptr<EventBus> bus(new EventBus(
      {*std::move(lock), *std::move(for_writing), *std::move(for_reading), *std::move(logs)}, options, clock, log));
  if (!bus->restored_) return std::unexpected(bus->restored_.error());
  return bus;
}

EventBus::EventBus(Files files, Options options, const core::Clock& clock, ports::Log& log)
    : options_(options),
      clock_(clock),
      lock_(std::move(files.lock)),
      logs_(std::move(files.logs)),
      topics_{TopicLog(ports::Topic::events, options.max_in_flight, options.max_cached_bytes),
              TopicLog(ports::Topic::verdicts, options.max_in_flight, options.max_cached_bytes)},
      restored_(restore(files.for_writing)),
      dead_letters_(std::move(files.for_reading)),
      reader_(logs_, dead_letters_.worker()),
      journal_({std::move(files.for_writing), logs_, topics_}, clock, log, {.max_bytes = options.max_bytes}) {}

EventBus::~EventBus() = default;

Status EventBus::restore(GroupStore& groups) {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    auto addressed = groups.addressed(topics_[i].topic());
    if (!addressed) return std::unexpected(addressed.error());
    addressed->insert(logs_[i]->addressed().begin(), logs_[i]->addressed().end());
    const auto positions = groups.positions(topics_[i].topic());
    if (!positions) return std::unexpected(positions.error());
    topics_[i].restore(logs_[i]->head(), *std::move(addressed));
    for (const auto& [group, position] : *positions) {
      topics_[i].add_group(group, std::max(position, logs_[i]->oldest()));
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
  return dead_letters_.list(limit, std::move(after));
}

ports::Task<ports::DeadLetter> EventBus::show(std::string id) {
  return dead_letters_.show(std::move(id));
}

ports::Task<void> EventBus::redrive(std::string id) {
  return journal_.redrive(std::move(id));
}

ports::Task<void> EventBus::tidy() {
  return journal_.tidy();
}

}  // namespace liveops::adapters::bus_local
