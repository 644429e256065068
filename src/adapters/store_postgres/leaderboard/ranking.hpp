#pragma once

#include <chrono>
#include <cstdint>

#include "adapters/postgres/session.hpp"
#include "ports/standing_store.hpp"

/// A ranking: the rows of a table that is being sealed, sorted once by the server into a table of their own, from which
/// pieces are read by rank, each in a short transaction. The alternatives cost more at ten million rows: an index by
/// score makes every update of every standing dearer the whole year, paging without an index sorts anew for each piece,
/// and a cursor holds a transaction or a session for minutes.
///
/// The table is unlogged (a crash of the server empties it, and it can be made again), so that a ranking costs no WAL.
/// All calls run inside the transaction of `session`.
namespace liveops::adapters::store_postgres::leaderboard {

/// How long a statement may take that sorts the rows, or waits for another replica that does.
inline constexpr std::chrono::minutes kRankingTimeout{15};

struct Ranking {
  std::int64_t number = 0;  // names its table
  std::int64_t rows = 0;
};

/// Waits until nobody else makes or drops the ranking of the table; held until the transaction ends.
[[nodiscard]] ports::Task<void> lock_ranking(postgres::Session& session, std::int64_t table_row);

/// The ranking of the table in this order; made if there is none, or if a crash emptied it. Takes a minute for ten
/// million rows. Requires: lock_ranking.
[[nodiscard]] ports::Task<Ranking> make_ranking(postgres::Session& session, std::int64_t table_row,
                                                ports::RankOrder order);

/// Requires: lock_ranking.
[[nodiscard]] ports::Task<void> drop_ranking(postgres::Session& session, std::int64_t table_row);

/// Those ranked behind `after`, at most `limit`; empty behind the last. Errors: `unavailable` (the ranking is gone or
/// was emptied by a crash: ask for it again).
[[nodiscard]] ports::Task<std::vector<ports::Standing>> read_ranking(postgres::Session& session, Ranking ranking,
                                                                     std::int64_t after, std::int64_t limit);

}  // namespace liveops::adapters::store_postgres::leaderboard
