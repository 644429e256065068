#include "adapters/store_postgres/leaderboard/standing_books.hpp"

#include "adapters/postgres/books_transaction.hpp"
#include "adapters/store_postgres/leaderboard/columns.hpp"
#include "adapters/store_postgres/leaderboard/standing_reader.hpp"

namespace liveops::adapters::store_postgres::leaderboard {

using ports::HeldStanding;
using postgres::Parameters;
using postgres::Rows;
using postgres::Session;
using postgres::Statement;

namespace {

// WITH TIES: the page ends with the last row of a player, not in the middle of one.
constexpr Statement kRows{"lb_books_rows", R"sql(
SELECT s.player, t.board, t.time_window, t.period, s.score, s.achieved_at, s.event
FROM leaderboard.standings s JOIN leaderboard.standings_tables t ON t.id = s.table_id
WHERE s.player > $1 AND t.state < $2::int
ORDER BY s.player FETCH FIRST $3 ROWS WITH TIES)sql"};

constexpr Statement kRowsOf{"lb_books_rows_of", R"sql(
SELECT s.player, t.board, t.time_window, t.period, s.score, s.achieved_at, s.event
FROM leaderboard.standings_tables t JOIN leaderboard.standings s ON s.table_id = t.id AND s.player = ANY($4::text[])
WHERE t.board = $1 AND t.time_window = $2::int AND t.period = $3)sql"};

constexpr Statement kBlocked{"lb_books_blocked",
                             "SELECT player, version, until, changed_at, reason, blocked, disqualified_since, "
                             "disqualified_for FROM leaderboard.blocks "
                             "WHERE blocked OR disqualified_since IS NOT NULL"};

core::Result<std::vector<HeldStanding>> held(const core::Result<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  std::vector<HeldStanding> out;
  out.reserve(rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    HeldStanding row{core::PlayerId::trusted(std::string(rows->text(i, 0))), read_id(*rows, i, 1),
                     core::Mark{rows->int64(i, 4), from_us(rows->int64(i, 5)), {}}};
    if (!rows->is_null(i, 6)) {
      const auto event = core::EventId::parse(rows->text(i, 6));
      if (!event) return core::fail(core::Errc::corrupt, "a row of standings names no event id");
      row.mark.event = *event;
    }
    out.push_back(std::move(row));
  }
  return out;
}

class Reader final : public ports::StandingBooks::Reader {
 public:
  explicit Reader(Session& session) : session_(session) {}

  ports::Task<std::vector<ports::StandingsInfo>> tables() override { return read_tables(session_, false); }

  ports::Task<std::vector<HeldStanding>> rows(std::string after, std::size_t limit) override {
    Parameters parameters;
    parameters.add_text(after).add(number(ports::StandingsState::sealed)).add(static_cast<std::int64_t>(limit));
    co_return held(co_await session_.run(kRows, std::move(parameters)));
  }

  ports::Task<std::vector<HeldStanding>> rows_of(core::StandingsId table,
                                                 std::vector<core::PlayerId> players) override {
    std::vector<std::string_view> names;
    names.reserve(players.size());
    for (const auto& player : players) names.push_back(player.str());
    auto parameters = id_parameters(table);
    parameters.add_text_array(names);
    co_return held(co_await session_.run(kRowsOf, std::move(parameters)));
  }

  ports::Task<std::vector<core::StandingChange>> blocked() override {
    const auto rows = co_await session_.run(kBlocked, {});
    if (!rows) co_return std::unexpected(rows.error());
    std::vector<core::StandingChange> changes(rows->size());
    for (std::size_t i = 0; i < rows->size(); ++i) {
      auto& change = changes[i];
      change.player_id = core::PlayerId::trusted(std::string(rows->text(i, 0)));
      change.blocked = rows->boolean(i, 5);
      change.version = rows->int64(i, 1);
      if (const auto until = rows->optional_int64(i, 2)) change.until = from_us(*until);
      change.at = from_us(rows->int64(i, 3));
      change.reason = std::string(rows->text(i, 4));
      if (const auto since = rows->optional_int64(i, 6)) {
        change.disqualified = {from_us(*since), std::string(rows->text(i, 7))};
      }
    }
    co_return changes;
  }

 private:
  Session& session_;
};

using Work = std::function<ports::Task<void>(ports::StandingBooks::Reader&)>;

ports::Task<void> read_books(Session& session, const Work& work) {
  if (auto done = co_await postgres::begin_books(session, "leaderboard.standings"); !done) co_return done;
  Reader reader(session);
  co_return co_await work(reader);
}

}  // namespace

ports::Task<void> StandingBooks::read(Work work) {
  co_return co_await pool_.read<void>([&work](Session& session) { return read_books(session, work); });
}

}  // namespace liveops::adapters::store_postgres::leaderboard
