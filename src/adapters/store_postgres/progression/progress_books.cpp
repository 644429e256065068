#include "adapters/store_postgres/progression/progress_books.hpp"

#include <optional>
#include <string>

#include "adapters/postgres/books_transaction.hpp"
#include "adapters/store_postgres/progression/rows.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Parameters;
using postgres::Rows;
using postgres::Session;
using postgres::Statement;

namespace {

constexpr std::string_view kLedger =
    "SELECT player_id, event_id, type, occurred_at, received_at, xp, score, drop_refused, payload "
    "FROM progression.ledger ORDER BY player_id";
constexpr std::string_view kHistory =
    "SELECT player_id, event_id, type, occurred_at, received_at, xp, score, drop_refused, payload "
    "FROM progression.ledger WHERE received_at >= ";
constexpr std::string_view kDrops = "SELECT player_id, drop_id, event_id FROM progression.drops ORDER BY player_id";

constexpr Statement kPlayers{"progression_books_players",
                             "SELECT player_id, xp, version, updated_at, season_xp, boss_kills FROM progression.player "
                             "WHERE player_id > $1::text ORDER BY player_id LIMIT $2::bigint"};
constexpr Statement kItems{"progression_books_items",
                           "SELECT player_id, item_id, quantity FROM progression.inventory "
                           "WHERE player_id > $1::text AND player_id <= $2::text ORDER BY player_id, item_id"};
constexpr Statement kReceipts{"progression_books_receipts",
                              "SELECT c.player_id, r.json FROM progression.claim c "
                              "LEFT JOIN progression.receipt r USING (receipt_id) "
                              "WHERE c.player_id > $1::text AND c.player_id <= $2::text "
                              "ORDER BY c.player_id, c.reward_id, c.season"};
constexpr Statement kGranted{"progression_books_granted",
                             "SELECT drop_id FROM progression.drops WHERE drop_id = ANY($1::text[])"};
constexpr Statement kRepeated{"progression_books_repeated",
                              "SELECT event_id, count(*) FROM progression.ledger GROUP BY event_id "
                              "HAVING count(*) > 1 ORDER BY event_id LIMIT $1::bigint"};

core::Result<ports::LedgerRow> ledger_row(const Rows& rows, std::size_t row) {
  const auto event = core::EventId::parse(rows.text(row, 1));
  if (!event) return core::fail(core::Errc::corrupt, "a row of the ledger has no event id");
  return ports::LedgerRow{.event_id = *event,
                          .player = name_at<core::PlayerId>(rows, row, 0),
                          .type = static_cast<core::EventType>(rows.int64(row, 2)),
                          .occurred_at = from_us(rows.int64(row, 3)),
                          .received_at = from_us(rows.int64(row, 4)),
                          .xp = rows.int64(row, 5),
                          .score = rows.optional_int64(row, 6),
                          .drop_refused = rows.boolean(row, 7),
                          .payload_json = std::string(rows.text(row, 8))};
}

core::Result<ports::GrantedDrop> granted_drop(const Rows& rows, std::size_t row) {
  const auto event = core::EventId::parse(rows.text(row, 2));
  if (!event) return core::fail(core::Errc::corrupt, "a drop has no event id");
  return ports::GrantedDrop{name_at<core::PlayerId>(rows, row, 0), name_at<core::DropId>(rows, row, 1), *event};
}

/// Every row by `make`, or the first error.
template <class Row>
core::Result<std::vector<Row>> made_by(const core::Result<Rows>& rows,
                                       core::Result<Row> (*make)(const Rows&, std::size_t)) {
  if (!rows) return std::unexpected(rows.error());
  std::vector<Row> made;
  made.reserve(rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    auto row = make(*rows, i);
    if (!row) return std::unexpected(row.error());
    made.push_back(std::move(*row));
  }
  return made;
}

/// Calls `add(player, row)` for each row of a player of the page; both are ordered by player.
template <class Add>
void add_to_players(std::vector<ports::PlayerBooks>& players, const Rows& rows, Add add) {
  auto player = players.begin();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view id = rows.text(i, 0);
    while (player != players.end() && player->progress.player_id.str() < id) ++player;
    if (player == players.end()) return;
    if (player->progress.player_id.str() == id) add(*player, i);
  }
}

std::string history_between(core::Timestamp from, core::Timestamp to) {
  const auto us = [](core::Timestamp time) { return std::to_string(time.time_since_epoch().count()); };
  return std::string(kHistory) + us(from) + " AND received_at < " + us(to) + " ORDER BY received_at, event_id";
}

class Reader final : public ports::ProgressBooks::Reader {
 public:
  explicit Reader(Session& session)
      : session_(session),
        ledger_(session, "progression_books_ledger", kLedger),
        drops_(session, "progression_books_drops", kDrops) {}

  ports::Task<std::vector<ports::LedgerRow>> ledger(std::size_t limit) override {
    co_return made_by<ports::LedgerRow>(co_await ledger_.next(limit), ledger_row);
  }
  ports::Task<std::vector<ports::LedgerRow>> history(core::Timestamp from, core::Timestamp to,
                                                     std::size_t limit) override {
    if (!history_) history_.emplace(session_, "progression_books_history", history_between(from, to));
    co_return made_by<ports::LedgerRow>(co_await history_->next(limit), ledger_row);
  }
  ports::Task<std::vector<ports::GrantedDrop>> drops(std::size_t limit) override {
    co_return made_by<ports::GrantedDrop>(co_await drops_.next(limit), granted_drop);
  }
  ports::Task<std::vector<ports::PlayerBooks>> players(std::size_t limit) override;
  ports::Task<std::vector<core::DropId>> granted(std::vector<core::DropId> drops) override;
  ports::Task<std::vector<ports::RepeatedEvent>> repeated_events(std::size_t limit) override;

 private:
  [[nodiscard]] ports::Task<void> add_holdings(std::vector<ports::PlayerBooks>& players);

  Session& session_;
  postgres::Cursor ledger_;
  std::optional<postgres::Cursor> history_;
  postgres::Cursor drops_;
  std::string last_player_;
};

ports::Task<std::vector<ports::PlayerBooks>> Reader::players(std::size_t limit) {
  const auto rows = co_await session_.run(
      kPlayers, std::move(Parameters().add_text(last_player_).add(static_cast<std::int64_t>(limit))));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<ports::PlayerBooks> players(rows->size());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    auto progress = progress_at(*rows, i);
    if (!progress) co_return std::unexpected(progress.error());
    players[i].progress = std::move(*progress);
  }
  if (players.empty()) co_return players;
  if (auto done = co_await add_holdings(players); !done) co_return std::unexpected(done.error());
  last_player_ = players.back().progress.player_id.str();
  co_return players;
}

ports::Task<void> Reader::add_holdings(std::vector<ports::PlayerBooks>& players) {
  Parameters page;
  page.add_text(last_player_).add_text(players.back().progress.player_id.str());
  const auto items = co_await session_.run(kItems, page);
  if (!items) co_return std::unexpected(items.error());
  add_to_players(players, *items, [&](ports::PlayerBooks& player, std::size_t row) {
    player.items.push_back({name_at<core::ItemId>(*items, row, 1), items->int64(row, 2)});
  });
  const auto receipts = co_await session_.run(kReceipts, std::move(page));
  if (!receipts) co_return std::unexpected(receipts.error());
  add_to_players(players, *receipts, [&](ports::PlayerBooks& player, std::size_t row) {
    auto& receipt = player.receipts.emplace_back();
    if (!receipts->is_null(row, 1)) receipt = std::string(receipts->text(row, 1));
  });
  co_return core::Status();
}

ports::Task<std::vector<core::DropId>> Reader::granted(std::vector<core::DropId> drops) {
  std::vector<std::string_view> names;
  names.reserve(drops.size());
  for (const core::DropId& drop : drops) names.push_back(drop.str());
  const auto rows = co_await session_.run(kGranted, std::move(Parameters().add_text_array(names)));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<core::DropId> found;
  for (std::size_t i = 0; i < rows->size(); ++i) found.push_back(name_at<core::DropId>(*rows, i, 0));
  co_return found;
}

ports::Task<std::vector<ports::RepeatedEvent>> Reader::repeated_events(std::size_t limit) {
  const auto rows = co_await session_.run(kRepeated, std::move(Parameters().add(static_cast<std::int64_t>(limit))));
  if (!rows) co_return std::unexpected(rows.error());
  std::vector<ports::RepeatedEvent> repeated;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto event = core::EventId::parse(rows->text(i, 0));
    if (!event) co_return core::fail(core::Errc::corrupt, "a row of the ledger has no event id");
    repeated.push_back({*event, rows->int64(i, 1)});
  }
  co_return repeated;
}

using Work = std::function<ports::Task<void>(ports::ProgressBooks::Reader&)>;

ports::Task<void> read_books(Session& session, const Work& work) {
  if (auto done = co_await postgres::begin_books(session, "progression.ledger"); !done) co_return done;
  Reader reader(session);
  co_return co_await work(reader);
}

}  // namespace

ports::Task<void> ProgressBooks::read(Work work) {
  co_return co_await pool_.read<void>([&work](Session& session) { return read_books(session, work); });
}

}  // namespace liveops::adapters::store_postgres::progression
