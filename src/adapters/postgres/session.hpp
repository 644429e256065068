#pragma once

#include <string_view>
#include <vector>

#include "adapters/postgres/parameters.hpp"
#include "adapters/postgres/rows.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::postgres {

/// A statement with a fixed text. Prepared once per connection where the pool prepares; name it in a constant.
struct Statement {
  std::string_view name;  // unique in the program, [a-z_]+
  std::string_view sql;
};

/// A connection inside a transaction, as `Pool::transaction` hands it to its work.
///
/// Threads: the coroutine's. One statement at a time.
class Session {
 public:
  virtual ~Session() = default;

  /// Errors: as `map_error`; after any of them the transaction is lost.
  [[nodiscard]] virtual ports::Task<Rows> run(const Statement& statement, Parameters parameters) = 0;

  /// Text that is not worth preparing (migrations; several statements, parted by semicolons). Gives the last one's
  /// rows.
  [[nodiscard]] virtual ports::Task<Rows> run_text(std::string sql) = 0;
};

}  // namespace liveops::adapters::postgres
