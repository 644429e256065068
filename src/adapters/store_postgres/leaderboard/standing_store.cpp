#include "adapters/store_postgres/leaderboard/standing_store.hpp"

#include "adapters/store_postgres/leaderboard/batch_writer.hpp"
#include "adapters/store_postgres/leaderboard/ranked_rows.hpp"
#include "adapters/store_postgres/leaderboard/sealing.hpp"
#include "adapters/store_postgres/leaderboard/standing_reader.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using postgres::Session;

ports::Task<ports::AppliedBatch> StandingStore::apply(ports::StandingBatch batch) {
  co_return co_await pool_.transaction<ports::AppliedBatch>(
      [&](Session& session) { return apply_batch(session, batch); });
}

ports::Task<std::vector<ports::StandingsInfo>> StandingStore::tables(bool unsealed_only) {
  co_return co_await pool_.read<std::vector<ports::StandingsInfo>>(
      [&](Session& session) { return read_tables(session, unsealed_only); });
}

ports::Task<std::vector<ports::StandingStore::TableRow>> StandingStore::scan(std::string after, std::size_t limit) {
  co_return co_await pool_.read<std::vector<TableRow>>(
      [&](Session& session) { return scan_standings(session, after, limit); });
}

ports::Task<std::vector<ports::StandingStore::PlayerRow>> StandingStore::standings_of(
    std::vector<core::PlayerId> players) {
  co_return co_await pool_.read<std::vector<PlayerRow>>(
      [&](Session& session) { return read_players(session, players); });
}

ports::Task<void> StandingStore::begin_seal(core::StandingsId table, core::Timestamp now) {
  co_return co_await pool_.transaction<void>([&](Session& session) { return begin_sealing(session, table, now); });
}

ports::Task<std::unique_ptr<ports::RankedRows>> StandingStore::ranked(core::StandingsId table, ports::RankOrder order) {
  return open_ranked_rows(pool_, std::move(table), order);
}

ports::Task<void> StandingStore::finish_seal(core::StandingsId table) {
  co_return co_await pool_.transaction<void>([&](Session& session) { return finish_sealing(session, table); });
}

ports::Task<std::uint64_t> StandingStore::purge_sealed(std::size_t limit) {
  return purge_.step(pool_, limit);
}

ports::Task<std::uint64_t> StandingStore::forget_events(core::Timestamp before, std::size_t limit) {
  return forget_.step(pool_, before, limit);
}

}  // namespace liveops::adapters::store_postgres::leaderboard
