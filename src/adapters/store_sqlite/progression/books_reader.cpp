#include "adapters/store_sqlite/progression/books_reader.hpp"

#include <algorithm>

#include "adapters/store_sqlite/progression/rows.hpp"

namespace liveops::adapters::store_sqlite::progression {

using core::Result;

namespace {

// A key without its player sorts before every player id, whose characters all come after '('. LEFT JOIN keeps such
// rows, and SQLite to one pass over the ledger, whose order a sorter makes.
constexpr std::string_view kLedger =
    "SELECT coalesce(p.player_id, '(row ' || t.player || ')') AS name, t.event_id, t.type, t.occurred_at, "
    "t.received_at, t.xp, t.score, t.drop_refused, t.payload "
    "FROM ledger t LEFT JOIN player p ON p.key = t.player ORDER BY name";
constexpr std::string_view kHistory =
    "SELECT coalesce(p.player_id, '(row ' || t.player || ')') AS name, t.event_id, t.type, t.occurred_at, "
    "t.received_at, t.xp, t.score, t.drop_refused, t.payload "
    "FROM ledger t LEFT JOIN player p ON p.key = t.player WHERE t.received_at >= ? AND t.received_at < ? "
    "ORDER BY t.received_at, t.event_id";
constexpr std::string_view kDrops =
    "SELECT coalesce(p.player_id, '(row ' || t.player || ')') AS name, t.drop_id, t.event_id "
    "FROM drops t LEFT JOIN player p ON p.key = t.player ORDER BY name";

constexpr std::string_view kReceipts =
    "SELECT r.json FROM claim c LEFT JOIN receipt r ON r.receipt_id = c.receipt_id WHERE c.player = ? "
    "ORDER BY c.reward_id, c.season";

constexpr std::string_view kRepeated =
    "SELECT event_id, count(*) FROM ledger GROUP BY event_id HAVING count(*) > 1 ORDER BY event_id LIMIT ?";

core::EventId event_at(const sqlite::Statement& row, int column) {
  const std::string_view blob = row.blob(column);
  core::EventId::Bytes bytes{};
  std::ranges::copy(blob.substr(0, bytes.size()), bytes.begin());
  return core::EventId(bytes);
}

ports::LedgerRow ledger_row(const sqlite::Statement& row) {
  ports::LedgerRow out{.event_id = event_at(row, 1),
                       .player = name_at<core::PlayerId>(row, 0),
                       .type = static_cast<core::EventType>(row.int64(2)),
                       .occurred_at = from_us(row.int64(3)),
                       .received_at = from_us(row.int64(4)),
                       .xp = row.int64(5),
                       .score = std::nullopt,
                       .drop_refused = row.int64(7) != 0,
                       .payload_json = std::string(row.text(8))};
  if (!row.is_null(6)) out.score = row.int64(6);
  return out;
}

/// Up to `limit` rows more, each made by `make`. A statement that has ended would begin again: `ended` remembers it.
template <class Row, class Make>
Result<std::vector<Row>> next_rows(sqlite::Statement& statement, bool& ended, std::size_t limit, Make make) {
  std::vector<Row> rows;
  while (!ended && rows.size() < limit) {
    const auto more = statement.step();
    if (!more) return std::unexpected(more.error());
    ended = !*more;
    if (*more) rows.push_back(make(statement));
  }
  return rows;
}

}  // namespace

BooksReader::BooksReader(sqlite::Database& database)
    : database_(database),
      reader_(database),
      ledger_(database.prepare(kLedger)),
      drops_(database.prepare(kDrops)),
      names_(database.prepare("SELECT player_id FROM player WHERE player_id > ? ORDER BY player_id LIMIT ?")),
      receipts_(database.prepare(kReceipts)),
      granted_(database.prepare("SELECT 1 FROM drops WHERE drop_id = ?")) {}

Result<std::vector<ports::LedgerRow>> BooksReader::ledger(std::size_t limit) {
  return next_rows<ports::LedgerRow>(ledger_, ledger_ended_, limit, ledger_row);
}

Result<std::vector<ports::LedgerRow>> BooksReader::history(core::Timestamp from, core::Timestamp to,
                                                           std::size_t limit) {
  if (!history_) {
    history_.emplace(database_.prepare(kHistory));
    history_->bind(1, to_us(from)).bind(2, to_us(to));
  }
  return next_rows<ports::LedgerRow>(*history_, history_ended_, limit, ledger_row);
}

Result<std::vector<ports::GrantedDrop>> BooksReader::drops(std::size_t limit) {
  return next_rows<ports::GrantedDrop>(drops_, drops_ended_, limit, [](const sqlite::Statement& row) {
    return ports::GrantedDrop{name_at<core::PlayerId>(row, 0), name_at<core::DropId>(row, 1), event_at(row, 2)};
  });
}

Result<std::vector<ports::PlayerBooks>> BooksReader::players(std::size_t limit) {
  std::vector<core::PlayerId> names;
  {
    const Rewind rewind(names_);
    names_.bind_text(1, last_player_).bind(2, static_cast<std::int64_t>(limit));
    bool ended = false;
    auto found = next_rows<core::PlayerId>(
        names_, ended, limit, [](const sqlite::Statement& row) { return name_at<core::PlayerId>(row, 0); });
    if (!found) return std::unexpected(found.error());
    names = std::move(*found);
  }
  if (!names.empty()) last_player_ = names.back().str();
  std::vector<ports::PlayerBooks> players;
  players.reserve(names.size());
  for (const core::PlayerId& name : names) {
    auto books = books_of(name);
    if (!books) return std::unexpected(books.error());
    players.push_back(std::move(*books));
  }
  return players;
}

Result<ports::PlayerBooks> BooksReader::books_of(const core::PlayerId& player) {
  auto row = reader_.require(player);
  if (!row) return std::unexpected(row.error());
  auto items = reader_.items(row->key);
  if (!items) return std::unexpected(items.error());
  ports::PlayerBooks books{.progress = std::move(row->progress), .items = std::move(*items), .receipts = {}};
  if (auto done = read_receipts(row->key, books); !done) return std::unexpected(done.error());
  return books;
}

core::Status BooksReader::read_receipts(std::int64_t key, ports::PlayerBooks& books) {
  const Rewind rewind(receipts_);
  receipts_.bind(1, key);
  while (true) {
    const auto more = receipts_.step();
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    auto& receipt = books.receipts.emplace_back();
    if (!receipts_.is_null(0)) receipt = std::string(receipts_.text(0));
  }
}

Result<std::vector<core::DropId>> BooksReader::granted(const std::vector<core::DropId>& drops) {
  std::vector<core::DropId> found;
  for (const core::DropId& drop : drops) {
    const Rewind rewind(granted_);
    const auto there = granted_.bind_text(1, drop.str()).step();
    if (!there) return std::unexpected(there.error());
    if (*there) found.push_back(drop);
  }
  return found;
}

Result<std::vector<ports::RepeatedEvent>> BooksReader::repeated_events(std::size_t limit) {
  auto query = database_.prepare(kRepeated);
  query.bind(1, static_cast<std::int64_t>(limit));
  bool ended = false;
  return next_rows<ports::RepeatedEvent>(query, ended, limit, [](const sqlite::Statement& row) {
    return ports::RepeatedEvent{event_at(row, 0), row.int64(1)};
  });
}

}  // namespace liveops::adapters::store_sqlite::progression
