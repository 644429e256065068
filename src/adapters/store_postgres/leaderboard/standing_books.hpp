#pragma once

#include "adapters/postgres/pool.hpp"
#include "ports/standing_books.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// The books in the schema `leaderboard`. A read is one REPEATABLE READ transaction: until its end the server keeps
/// what others delete or overwrite meanwhile.
///
/// Threads: as Pool.
class StandingBooks final : public ports::StandingBooks {
 public:
  /// `pool` outlives this.
  explicit StandingBooks(postgres::Pool& pool) : pool_(pool) {}

  [[nodiscard]] ports::Task<void> read(std::function<ports::Task<void>(Reader&)> work) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
