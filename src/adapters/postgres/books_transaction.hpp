#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/postgres/session.hpp"

namespace liveops::adapters::postgres {

/// Makes a transaction that reads good for going through whole tables: statements may take long, and so may the pauses
/// between them; what has to be sorted goes to the server's temporary files beyond 64 MiB.
/// Errors: `not_found` (there is no such `table`; says what to do), else as Session::run.
[[nodiscard]] ports::Task<void> begin_books(Session& session, std::string table);

/// Rows of a query that are fetched piece by piece. Lives within one transaction.
class Cursor {
 public:
  /// `name`: of the cursor, unique in the transaction. `sql`: a SELECT without parameters.
  Cursor(Session& session, std::string_view name, std::string_view sql) : session_(session), name_(name), sql_(sql) {}

  /// The next rows, at most `limit`; empty at the end. Errors: as Session::run.
  [[nodiscard]] ports::Task<Rows> next(std::size_t limit);

 private:
  Session& session_;
  std::string name_;
  std::string sql_;
  bool declared_ = false;
};

}  // namespace liveops::adapters::postgres
