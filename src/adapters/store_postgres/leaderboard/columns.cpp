#include "adapters/store_postgres/leaderboard/columns.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

core::StandingsId read_id(const postgres::Rows& rows, std::size_t row, std::size_t first) {
  return {core::BoardId::trusted(std::string(rows.text(row, first))),
          static_cast<core::Window>(rows.int64(row, first + 1)), std::string(rows.text(row, first + 2))};
}

ports::StandingsSpec read_spec(const postgres::Rows& rows, std::size_t row, std::size_t first) {
  ports::StandingsSpec spec;
  spec.id = read_id(rows, row, first);
  spec.operation = {static_cast<core::BoardOperator>(rows.int64(row, first + 3)),
                    static_cast<core::BoardOrder>(rows.int64(row, first + 4)), rows.int64(row, first + 5)};
  spec.opens_at = from_us(rows.int64(row, first + 6));
  spec.closes_at = from_us(rows.int64(row, first + 7));
  return spec;
}

ports::Standing read_standing(const postgres::Rows& rows, std::size_t row, std::size_t first) {
  return {core::PlayerId::trusted(std::string(rows.text(row, first))), rows.int64(row, first + 1),
          from_us(rows.int64(row, first + 2)), static_cast<std::uint32_t>(rows.int64(row, first + 3))};
}

postgres::Parameters id_parameters(const core::StandingsId& id) {
  postgres::Parameters parameters;
  parameters.add_text(id.board.str()).add(number(id.window)).add_text(id.period);
  return parameters;
}

}  // namespace liveops::adapters::store_postgres::leaderboard
