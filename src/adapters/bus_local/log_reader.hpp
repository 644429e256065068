#pragma once

#include <string>
#include <vector>

#include "adapters/bus_local/dead_letter_table.hpp"
#include "adapters/bus_local/log_store.hpp"
#include "adapters/bus_local/topic_log.hpp"
#include "adapters/sqlite/worker.hpp"

namespace liveops::adapters::bus_local {

/// Reads of bus.db on a thread and a connection of their own, so that they hold up no commit.
///
/// Threads: any. Errors, everywhere: as `sqlite::map_error`.
class LogReader {
 public:
  explicit LogReader(LogStore store) : store_(std::move(store)), dead_(store_.database()), worker_("bus-reader") {}

  /// As LogStore::read.
  [[nodiscard]] ports::Task<std::vector<SharedSegment>> read(ports::Topic topic, std::uint64_t offset,
                                                             std::uint64_t last, std::size_t max_bytes);
  [[nodiscard]] ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after);
  /// Errors also: `not_found`.
  [[nodiscard]] ports::Task<ports::DeadLetter> show(std::string id);
  /// Asks the owner of the bus to hand the letter to its group again. Errors also: `not_found`.
  [[nodiscard]] ports::Task<void> request_redrive(std::string id);

 private:
  LogStore store_;
  DeadLetterTable dead_;
  sqlite::Worker worker_;  // last: ends before what it works with
};

}  // namespace liveops::adapters::bus_local
