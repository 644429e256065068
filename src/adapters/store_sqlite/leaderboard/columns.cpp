#include "adapters/store_sqlite/leaderboard/columns.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

ports::StandingsInfo read_info(const sqlite::Statement& row, int first) {
  ports::StandingsInfo info;
  info.spec.id = {core::BoardId::trusted(std::string(row.text(first))), static_cast<core::Window>(row.int64(first + 1)),
                  std::string(row.text(first + 2))};
  info.spec.operation = {static_cast<core::BoardOperator>(row.int64(first + 3)),
                         static_cast<core::BoardOrder>(row.int64(first + 4)), row.int64(first + 5)};
  info.spec.opens_at = from_us(row.int64(first + 6));
  info.spec.closes_at = from_us(row.int64(first + 7));
  info.state = static_cast<ports::StandingsState>(row.int64(first + 8));
  return info;
}

void bind_id(sqlite::Statement& statement, int first, const core::StandingsId& id) {
  statement.bind_text(first, id.board.str()).bind(first + 1, number(id.window)).bind_text(first + 2, id.period);
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
