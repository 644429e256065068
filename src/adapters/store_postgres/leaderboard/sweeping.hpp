#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/postgres/pool.hpp"
#include "core/time.hpp"

/// Rounds through a whole table in the order in which its rows lie on disk (by ctid), a few rows at a time: pages are
/// read once and in sequence, no index is needed, and what is removed leaves whole pages free.
namespace liveops::adapters::store_postgres::leaderboard {

/// Before the first row of any table.
inline constexpr const char* kTableStart = "(0,0)";

/// Takes the rows of sealed tables out; a round clears the tables that were sealed when it began (their rows do not
/// move any more). After a restart the round begins anew; replicas may be on rounds of their own. Threads: any.
class PurgeRound {
 public:
  struct Position {
    std::string after = kTableStart;
    std::vector<std::int64_t> tables;  // what this round clears; empty: none is under way
  };

  /// Looks at about `limit` rows; how many went. Errors: as the pool; the round goes on where it was.
  [[nodiscard]] ports::Task<std::uint64_t> step(postgres::Pool& pool, std::size_t limit);

 private:
  std::mutex mutex_;
  Position position_;
};

/// Takes event ids out of the inbox that were noted before a day. Threads: any.
class ForgetRound {
 public:
  /// As PurgeRound::step.
  [[nodiscard]] ports::Task<std::uint64_t> step(postgres::Pool& pool, core::Timestamp before, std::size_t limit);

 private:
  std::mutex mutex_;
  std::string after_ = kTableStart;
};

}  // namespace liveops::adapters::store_postgres::leaderboard
