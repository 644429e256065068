#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/bus_local/dead_letter_reader.hpp"
#include "adapters/bus_local/directory_lock.hpp"
#include "adapters/bus_local/journal.hpp"
#include "adapters/bus_local/log_reader.hpp"
#include "adapters/bus_local/topic_log.hpp"
#include "core/time.hpp"
#include "ports/dead_letters.hpp"
#include "ports/event_bus.hpp"
#include "ports/log.hpp"

namespace liveops::adapters::bus_local {

struct Options {
  std::uint64_t max_bytes = 4ULL << 30U;  // BUS_LOCAL_MAX_BYTES, of all files; then publishes get `retry`
  std::size_t max_body_bytes = 1024 * 1024;
  std::size_t max_in_flight = 10'000;         // of one group
  std::size_t max_cached_bytes = 16U << 20U;  // newest messages of a topic kept in memory
  std::chrono::milliseconds visibility{30'000};
};

/// The durable bus of one machine, in log files and `bus.db` of a directory that this process owns while it runs.
///
/// A group that is new starts at the oldest message kept. Acks are written down about every 100 ms: a crash before that
/// means redelivery. Dead letters of the bus: `redrive` here, or from another process through DeadLetterFile.
/// Must go away before the executors that wait for it, and after its consumers.
class EventBus final : public ports::EventBus, public ports::DeadLetters {
 public:
  /// Makes directory and file if need be. Errors: `conflict` (owned by another process, or written by a newer release),
  /// `unavailable`, `corrupt`; the message is one line that says what to do.
  [[nodiscard]] static core::Result<std::unique_ptr<EventBus>> open(const std::filesystem::path& directory,
                                                                    Options options, const core::Clock& clock,
                                                                    ports::Log& log);
  ~EventBus() override;

  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic topic,
                                                          std::vector<core::Envelope> envelopes) override;
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic topic, std::string group) override;
  ports::Task<void> check() override;
  [[nodiscard]] std::size_t max_body_bytes() const override;

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;

  /// Does at once what is otherwise done in the background: writes positions down, reclaims and gives back space, looks
  /// for requested redrives. Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> tidy();

 private:
  struct Files {
    DirectoryLock lock;
    GroupStore for_writing;
    GroupStore for_reading;
    MessageLogs logs;
  };

  EventBus(Files files, Options options, const core::Clock& clock, ports::Log& log);
  [[nodiscard]] core::Status restore(GroupStore& groups);
  [[nodiscard]] TopicLog& topic(ports::Topic topic) { return topics_[static_cast<std::size_t>(topic)]; }

  const Options options_;
  const core::Clock& clock_;
  DirectoryLock lock_;
  MessageLogs logs_;
  std::array<TopicLog, 2> topics_;
  core::Status restored_;
  DeadLetterReader dead_letters_;
  LogReader reader_;
  Journal journal_;
};

}  // namespace liveops::adapters::bus_local
