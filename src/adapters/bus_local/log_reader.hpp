#pragma once

#include <array>
#include <memory>
#include <vector>

#include "adapters/bus_local/message_log.hpp"
#include "adapters/sqlite/worker.hpp"

namespace liveops::adapters::bus_local {

/// The logs of the topics, in the topics' order.
using MessageLogs = std::array<std::unique_ptr<MessageLog>, 2>;

/// Reads of messages that are no longer in memory, on a thread that may wait for the disk.
///
/// Threads: any.
class LogReader {
 public:
  LogReader(const MessageLogs& logs, sqlite::Worker& worker) : logs_(logs), worker_(worker) {}

  /// As MessageLog::read. Errors also: `unavailable`, when too many reads wait.
  [[nodiscard]] ports::Task<std::vector<SharedSegment>> read(ports::Topic topic, std::uint64_t offset,
                                                             std::uint64_t last, std::size_t max_bytes);

 private:
  const MessageLogs& logs_;
  sqlite::Worker& worker_;
};

}  // namespace liveops::adapters::bus_local
