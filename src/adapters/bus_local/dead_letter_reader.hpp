#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_local/dead_letter_table.hpp"
#include "adapters/bus_local/group_store.hpp"
#include "adapters/sqlite/worker.hpp"

namespace liveops::adapters::bus_local {

/// The dead letters in bus.db, on a thread and a connection of their own, so that they hold up no commit.
///
/// Threads: any. Errors, everywhere: as `sqlite::map_error`.
class DeadLetterReader {
 public:
  explicit DeadLetterReader(GroupStore store)
      : store_(std::move(store)), dead_(store_.database()), worker_("bus-reader") {}

  [[nodiscard]] ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after);
  /// Errors also: `not_found`.
  [[nodiscard]] ports::Task<ports::DeadLetter> show(std::string id);
  /// Asks the owner of the bus to hand the letter to its group again. Errors also: `not_found`.
  [[nodiscard]] ports::Task<void> request_redrive(std::string id);

  /// The thread, for other reads.
  [[nodiscard]] sqlite::Worker& worker() { return worker_; }

 private:
  GroupStore store_;
  DeadLetterTable dead_;
  sqlite::Worker worker_;  // last: ends before what it works with
};

}  // namespace liveops::adapters::bus_local
