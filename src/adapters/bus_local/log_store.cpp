#include "adapters/bus_local/log_store.hpp"

#include <utility>

#include "adapters/bus_local/schema.hpp"

namespace liveops::adapters::bus_local {

using core::Result;
using core::Status;
using core::Timestamp;

namespace {

std::string table(ports::Topic topic) {
  return std::string(ports::to_string(topic)) + "_log";
}
std::size_t index(ports::Topic topic) {
  return static_cast<std::size_t>(topic);
}

Result<Segment> read_row(const sqlite::Statement& row) {
  auto frames = Frames::parse(row.blob(4), static_cast<std::size_t>(row.int64(1)));
  if (!frames) return std::unexpected(frames.error());
  return Segment{.first = static_cast<std::uint64_t>(row.int64(0)),
                 .appended_at = Timestamp(std::chrono::microseconds(row.int64(2))),
                 .only_group = std::string(row.text(3)),
                 .frames = *std::move(frames)};
}

}  // namespace

Result<LogStore> LogStore::open(const std::filesystem::path& file) {
  auto database = sqlite::Database::open(file, {.sync_every_commit = true, .cache_mib = 8, .page_bytes = 8192});
  if (!database) return std::unexpected(database.error());
  if (auto done = prepare_schema(*database); !done) return std::unexpected(done.error());
  if (auto done = database->exec("PRAGMA journal_size_limit=67108864"); !done) return std::unexpected(done.error());
  LogStore store(*std::move(database));
  const auto page_bytes = store.number("PRAGMA page_size");
  if (!page_bytes) return std::unexpected(page_bytes.error());
  store.page_bytes_ = static_cast<std::uint64_t>(*page_bytes);
  return store;
}

LogStore::LogStore(sqlite::Database database) : database_(std::make_unique<sqlite::Database>(std::move(database))) {
  for (const auto topic : {ports::Topic::events, ports::Topic::verdicts}) {
    const auto name = table(topic);
    auto& statements = topics_[index(topic)];
    statements.append = database_->prepare("INSERT INTO " + name + " VALUES (?1, ?2, ?3, ?4, ?5)");
    statements.read = database_->prepare(
        "SELECT * FROM " + name + " WHERE first_offset >= (SELECT first_offset FROM " + name +
        " WHERE first_offset <= ?1 ORDER BY first_offset DESC LIMIT 1) AND first_offset <= ?2 ORDER BY first_offset");
    statements.reclaim =
        database_->prepare("DELETE FROM " + name + " WHERE first_offset IN (SELECT first_offset FROM " + name +
                           " WHERE first_offset < ?1 AND first_offset + count <= ?1 ORDER BY first_offset LIMIT ?2)");
  }
  save_position_ = database_->prepare(
      "INSERT INTO positions VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET position = excluded.position");
  page_count_ = database_->prepare("PRAGMA page_count");
  free_count_ = database_->prepare("PRAGMA freelist_count");
  data_version_ = database_->prepare("PRAGMA data_version");
}

Status LogStore::append(ports::Topic topic, const Segment& segment) {
  auto& insert = topics_[index(topic)].append;
  insert.bind(1, static_cast<std::int64_t>(segment.first));
  insert.bind(2, static_cast<std::int64_t>(segment.frames.count()));
  insert.bind(3, segment.appended_at.time_since_epoch().count());
  if (segment.only_group.empty()) {
    insert.bind_null(4);
  } else {
    insert.bind_text(4, segment.only_group);
  }
  return insert.bind_blob(5, segment.frames.bytes).run();
}

Result<std::vector<Segment>> LogStore::read(ports::Topic topic, std::uint64_t offset, std::uint64_t last,
                                            std::size_t max_bytes) {
  auto& select = topics_[index(topic)].read;
  select.bind(1, static_cast<std::int64_t>(offset)).bind(2, static_cast<std::int64_t>(last));
  std::vector<Segment> segments;
  Status failure;
  for (std::size_t bytes = 0; bytes < max_bytes;) {
    const auto row = select.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
    auto segment = read_row(select);
    if (!segment) {
      failure = std::unexpected(segment.error());
      break;
    }
    bytes += segment->frames.bytes.size();
    segments.push_back(*std::move(segment));
  }
  select.reset();
  if (segments.empty() && !failure) return std::unexpected(failure.error());
  if (segments.empty() || !segments.front().holds(offset)) {
    return core::fail(core::Errc::corrupt, "bus.db misses a message: restore it from a backup or move it away",
                      table(topic) + " offset " + std::to_string(offset));
  }
  return segments;
}

Result<std::optional<std::uint64_t>> LogStore::oldest(ports::Topic topic) {
  const auto first = number("SELECT min(first_offset) FROM " + table(topic), -1);
  if (!first) return std::unexpected(first.error());
  if (*first < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*first);
}

Result<std::uint64_t> LogStore::head(ports::Topic topic) {
  // When all was consumed and reclaimed, the positions still tell how far the log had come.
  const auto end = number("SELECT max(coalesce((SELECT first_offset + count FROM " + table(topic) +
                          " ORDER BY first_offset DESC LIMIT 1), 0), coalesce((SELECT max(position) FROM positions"
                          " WHERE topic = " +
                          std::to_string(index(topic)) + "), 0))");
  if (!end) return std::unexpected(end.error());
  return static_cast<std::uint64_t>(*end);
}

Result<std::map<std::uint64_t, std::string>> LogStore::addressed(ports::Topic topic) {
  auto select =
      database_->prepare("SELECT first_offset, only_group FROM " + table(topic) + " WHERE only_group IS NOT NULL");
  std::map<std::uint64_t, std::string> found;
  while (true) {
    const auto row = select.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.emplace(static_cast<std::uint64_t>(select.int64(0)), select.text(1));
  }
}

Result<std::int64_t> LogStore::reclaim(ports::Topic topic, std::uint64_t below, int max_rows) {
  auto& remove = topics_[index(topic)].reclaim;
  remove.bind(1, static_cast<std::int64_t>(below)).bind(2, std::int64_t{max_rows});
  if (auto done = remove.run(); !done) return std::unexpected(done.error());
  return database_->changes();
}

Result<std::map<std::string, std::uint64_t>> LogStore::positions(ports::Topic topic) {
  auto select = database_->prepare("SELECT consumer_group, position FROM positions WHERE topic = ?1");
  select.bind(1, static_cast<std::int64_t>(index(topic)));
  std::map<std::string, std::uint64_t> found;
  while (true) {
    const auto row = select.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.emplace(select.text(0), static_cast<std::uint64_t>(select.int64(1)));
  }
}

Status LogStore::save_position(ports::Topic topic, const std::string& group, std::uint64_t position) {
  save_position_.bind(1, static_cast<std::int64_t>(index(topic))).bind_text(2, group);
  return save_position_.bind(3, static_cast<std::int64_t>(position)).run();
}

Result<std::uint64_t> LogStore::used_bytes() {
  const auto pages = number(page_count_);
  const auto free = number(free_count_);
  if (!pages) return std::unexpected(pages.error());
  if (!free) return std::unexpected(free.error());
  return static_cast<std::uint64_t>(*pages - *free) * page_bytes_;
}

std::uint64_t LogStore::cost_of(std::uint64_t bytes) const {
  // Overflow pages are full but for their link; a row's first and last page, and the tree above it, are not.
  constexpr std::uint64_t kRowBytes = 128U << 10U;  // rows are about as long as this or longer, when there are several
  const auto rows = bytes / kRowBytes + 2;
  return bytes + bytes / 512 + rows * 3 * page_bytes_;
}

Status LogStore::shrink(int max_pages) {
  const auto pages = number(page_count_);
  const auto free = number(free_count_);
  if (!pages) return std::unexpected(pages.error());
  if (!free) return std::unexpected(free.error());
  // New messages reuse free pages: only an excess is worth moving pages about for.
  constexpr std::int64_t kKeepFree = 512;
  if (*free <= std::max(kKeepFree, *pages - *free)) return {};
  return database_->exec("PRAGMA incremental_vacuum(" + std::to_string(max_pages) + ")");
}

Result<std::int64_t> LogStore::data_version() {
  return number(data_version_);
}

Status LogStore::probe() {
  auto transaction = sqlite::Transaction::begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  // Larger than a group of small publishes needs, so that the answer is not "yes" on a disk that is all but full.
  if (auto done = database_->exec("INSERT INTO probe VALUES (zeroblob(65536))"); !done) return done;
  if (auto done = database_->exec("DELETE FROM probe"); !done) return done;
  return transaction->commit();
}

Result<std::int64_t> LogStore::number(sqlite::Statement& statement, std::int64_t if_null) {
  const auto row = statement.step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t value = !*row || statement.is_null(0) ? if_null : statement.int64(0);
  statement.reset();
  return value;
}

Result<std::int64_t> LogStore::number(const std::string& sql, std::int64_t if_null) {
  auto statement = database_->prepare(sql);
  return number(statement, if_null);
}

}  // namespace liveops::adapters::bus_local
