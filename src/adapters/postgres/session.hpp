#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "adapters/postgres/parameters.hpp"
#include "adapters/postgres/rows.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::postgres {

/// A statement with a fixed text. Prepared once per connection where the pool prepares; name it in a constant.
struct Statement {
  std::string_view name;  // unique in the program, [a-z_]+; lives as long as the program
  std::string_view sql;   // ends with a zero, as a literal does
};

/// A connection inside a transaction, as `Pool::transaction` hands it to its work.
///
/// Threads: the coroutine's. One statement at a time.
class Session {
 public:
  virtual ~Session() = default;

  /// Errors: as `map_error`; `unavailable` also when the connection is lost or the server silent for too long. After
  /// any of them the transaction is lost: it fails with that error even if its work gives success.
  [[nodiscard]] virtual ports::Task<Rows> run(const Statement& statement, Parameters parameters) = 0;

  /// Text that is not worth preparing (migrations; several statements, parted by semicolons). Gives the last one's
  /// rows. Errors: as `run`.
  [[nodiscard]] virtual ports::Task<Rows> run_text(std::string sql) = 0;

  /// From here to the end of the transaction each statement may take this long. Errors: as `run`.
  [[nodiscard]] virtual ports::Task<void> set_statement_timeout(std::chrono::milliseconds timeout) = 0;

  /// From here to the end of the transaction rows are looked up by an index wherever there is one, however many: for
  /// statements that carry a batch of keys. The planner takes each row for a page read from a disk, and so prefers to
  /// read a table of half a million rows to finding a thousand of them; with the pages in memory that costs tens of
  /// times as much. Errors: as `run`.
  [[nodiscard]] virtual ports::Task<void> look_up_by_key() = 0;
};

}  // namespace liveops::adapters::postgres
