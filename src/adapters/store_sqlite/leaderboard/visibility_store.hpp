#pragma once

#include "adapters/store_sqlite/leaderboard/standing_store.hpp"
#include "ports/visibility_store.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

/// Who is blocked, in SQLite.
class VisibilityStore final : public ports::VisibilityStore {
 public:
  explicit VisibilityStore(Connections& connections) : connections_(connections) {}

  ports::Task<std::vector<core::StandingChange>> apply(std::vector<core::StandingChange> changes) override;
  ports::Task<std::vector<core::StandingChange>> blocked() override;
  ports::Task<std::uint64_t> forget(core::Timestamp before, std::size_t limit) override;

 private:
  Connections& connections_;
};

}  // namespace liveops::adapters::store_sqlite::leaderboard
