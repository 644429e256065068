#include "adapters/store_postgres/leaderboard/ranked_rows.hpp"

#include "adapters/store_postgres/leaderboard/ranking.hpp"
#include "adapters/store_postgres/leaderboard/sealing.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

namespace {

using Standings = std::vector<ports::Standing>;

class RankedRows final : public ports::RankedRows {
 public:
  RankedRows(postgres::Pool& pool, Ranking ranking) : pool_(pool), ranking_(ranking) {}

  ports::Task<Standings> next(std::size_t limit) override {
    auto rows = co_await pool_.read<Standings>([this, limit](postgres::Session& session) {
      return read_ranking(session, ranking_, given_, static_cast<std::int64_t>(limit));
    });
    if (rows) given_ += static_cast<std::int64_t>(rows->size());
    co_return rows;
  }

 private:
  postgres::Pool& pool_;
  Ranking ranking_;
  std::int64_t given_ = 0;
};

ports::Task<Ranking> rank_table(postgres::Session& session, const core::StandingsId& table, ports::RankOrder order) {
  const auto known = co_await find_table(session, table);
  if (!known) co_return std::unexpected(known.error());
  if (auto done = co_await session.set_statement_timeout(kRankingTimeout); !done) {
    co_return std::unexpected(done.error());
  }
  if (auto done = co_await lock_ranking(session, known->row); !done) co_return std::unexpected(done.error());
  const auto locked = co_await find_table(session, table);
  if (!locked) co_return std::unexpected(locked.error());
  if (locked->state != ports::StandingsState::sealing) {
    co_return core::fail(core::Errc::conflict, "the period is not being sealed");
  }
  co_return co_await make_ranking(session, locked->row, order);
}

}  // namespace

ports::Task<std::unique_ptr<ports::RankedRows>> open_ranked_rows(postgres::Pool& pool, core::StandingsId table,
                                                                 ports::RankOrder order) {
  const auto ranking =
      co_await pool.transaction<Ranking>([&](postgres::Session& session) { return rank_table(session, table, order); });
  if (!ranking) co_return std::unexpected(ranking.error());
  co_return std::make_unique<RankedRows>(pool, *ranking);
}

}  // namespace liveops::adapters::store_postgres::leaderboard
