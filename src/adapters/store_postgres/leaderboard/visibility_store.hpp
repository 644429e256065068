#pragma once

#include "adapters/postgres/pool.hpp"
#include "ports/visibility_store.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

/// Who is blocked, in PostgreSQL.
class VisibilityStore final : public ports::VisibilityStore {
 public:
  /// `pool` outlives this.
  explicit VisibilityStore(postgres::Pool& pool) : pool_(pool) {}

  ports::Task<std::vector<core::StandingChange>> apply(std::vector<core::StandingChange> changes) override;
  ports::Task<std::vector<core::StandingChange>> blocked() override;
  ports::Task<std::uint64_t> forget(core::Timestamp before, std::size_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
