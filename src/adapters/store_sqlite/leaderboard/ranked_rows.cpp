#include "adapters/store_sqlite/leaderboard/ranked_rows.hpp"

#include "adapters/sqlite/worker.hpp"
#include "adapters/store_sqlite/leaderboard/columns.hpp"
#include "adapters/store_sqlite/leaderboard/sealing.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

namespace {

std::string ranked_sql(core::BoardOrder order) {
  const std::string direction = order == core::BoardOrder::highest ? "DESC" : "ASC";
  return "SELECT p.name, s.score, s.achieved_at, s.version FROM standings s JOIN players p ON p.id = s.player "
         "WHERE s.table_id = ?1 AND NOT EXISTS (SELECT 1 FROM left_out h WHERE h.table_id = ?1 AND h.player = "
         "s.player) ORDER BY s.score " +
         direction + ", (s.achieved_at - ?2) / ?3, p.name";
}

class RankedRows final : public ports::RankedRows {
 public:
  RankedRows(sqlite::Database database, std::int64_t table, const ports::RankOrder& order)
      : database_(std::move(database)), query_(database_.prepare(ranked_sql(order.order))), thread_("lb-ranked") {
    query_.bind(1, table).bind(2, to_us(order.opens_at)).bind(3, order.tie_step_us);
  }

  ports::Task<std::vector<ports::Standing>> next(std::size_t limit) override {
    auto job = [this, limit] { return read(limit); };
    co_return co_await thread_.run(std::move(job));
  }

 private:
  core::Result<std::vector<ports::Standing>> read(std::size_t limit) {
    std::vector<ports::Standing> rows;
    while (!ended_ && rows.size() < limit) {
      const auto row = query_.step();
      if (!row) return std::unexpected(row.error());
      if (!*row) {
        ended_ = true;
        break;
      }
      rows.push_back({core::PlayerId::trusted(std::string(query_.text(0))), query_.int64(1), from_us(query_.int64(2)),
                      static_cast<std::uint32_t>(query_.int64(3))});
    }
    return rows;
  }

  sqlite::Database database_;
  sqlite::Statement query_;
  bool ended_ = false;
  sqlite::Worker thread_;  // last: ends before what its jobs use
};

}  // namespace

core::Result<std::unique_ptr<ports::RankedRows>> open_ranked_rows(sqlite::Database& reader,
                                                                  const core::StandingsId& table,
                                                                  const ports::RankOrder& order) {
  const auto found = find_table(reader, table);
  if (!found) return std::unexpected(found.error());
  if (found->state != ports::StandingsState::sealing) {
    return core::fail(core::Errc::conflict, "the period is not being sealed");
  }
  auto database = sqlite::Database::open(reader.file(), {});
  if (!database) return std::unexpected(database.error());
  if (auto done = database->exec("PRAGMA temp_store = FILE"); !done) return std::unexpected(done.error());
  return std::make_unique<RankedRows>(std::move(*database), found->row, order);
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
