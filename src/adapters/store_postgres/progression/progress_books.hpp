#pragma once

#include "adapters/postgres/pool.hpp"
#include "ports/progress_books.hpp"

namespace liveops::adapters::store_postgres::progression {

/// The books in the schema `progression`. A read is one REPEATABLE READ transaction: until its end the server keeps
/// what others delete or overwrite meanwhile.
///
/// The ledger has no index by player: the server sorts it in temporary files (of its size).
/// Threads: as Pool.
class ProgressBooks final : public ports::ProgressBooks {
 public:
  /// `pool` outlives this.
  explicit ProgressBooks(postgres::Pool& pool) : pool_(pool) {}

  [[nodiscard]] ports::Task<void> read(std::function<ports::Task<void>(Reader&)> work) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::progression
