#include "adapters/store_sqlite/gateway/idempotency_journal.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "adapters/sqlite/migrations.hpp"

namespace liveops::adapters::store_sqlite {

namespace {

constexpr std::size_t kRecordBytes = 28;
constexpr int kDroppedAtOnce = 8;  // rows per commit: more than come in, so that the journal shrinks to its bound

constexpr std::array kMigrations{
    sqlite::Migration{1, "CREATE TABLE journal (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, records BLOB NOT NULL)"}};

std::int64_t seconds_of(core::Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

void append_record(std::string& blob, const ports::KeyJournal::Record& record) {
  blob.append(record.entry.id.bytes().begin(), record.entry.id.bytes().end());
  blob.append(record.entry.fingerprint.begin(), record.entry.fingerprint.end());
  const auto seconds = static_cast<std::uint32_t>(seconds_of(record.at));
  for (const unsigned shift : {24U, 16U, 8U, 0U}) blob.push_back(static_cast<char>((seconds >> shift) & 0xFFU));
}

ports::KeyJournal::Record read_record(std::string_view bytes) {
  core::EventId::Bytes id;
  std::copy_n(bytes.begin(), id.size(), id.begin());
  ports::KeyJournal::Record record{.entry = {.id = core::EventId(id)}};
  std::copy_n(bytes.begin() + 16, record.entry.fingerprint.size(), record.entry.fingerprint.begin());
  std::uint32_t seconds = 0;
  for (const char byte : bytes.substr(24, 4)) seconds = (seconds << 8U) | static_cast<std::uint8_t>(byte);
  record.at = core::Timestamp(std::chrono::seconds(seconds));
  return record;
}

}  // namespace

core::Result<IdempotencyJournal> IdempotencyJournal::open(const std::filesystem::path& file, Bounds bounds) {
  auto database = sqlite::Database::open(file, {});
  if (!database) return std::unexpected(database.error());
  if (auto migrated = sqlite::migrate(*database, kMigrations); !migrated) return std::unexpected(migrated.error());
  return IdempotencyJournal(std::move(*database), bounds);
}

IdempotencyJournal::IdempotencyJournal(sqlite::Database database, Bounds bounds)
    : database_(std::move(database)),
      bounds_(bounds),
      insert_(database_.prepare("INSERT INTO journal (at, records) VALUES (?, ?)")),
      oldest_(database_.prepare("SELECT id, at, length(records) FROM journal ORDER BY id LIMIT ?")),
      remove_(database_.prepare("DELETE FROM journal WHERE id <= ?")) {}

core::Status IdempotencyJournal::load(const std::function<void(const ports::KeyJournal::Record&)>& take) {
  auto rows = database_.prepare("SELECT id, records FROM journal ORDER BY id");
  records_ = 0;
  while (true) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    const auto blob = rows.blob(1);
    if (blob.size() % kRecordBytes != 0) {
      return core::fail(
          core::Errc::corrupt,
          database_.file().string() + ": journal row " + std::to_string(rows.int64(0)) +
              " has a wrong size: restore the file, or remove it and with it the idempotency keys of a day");
    }
    for (std::size_t at = 0; at < blob.size(); at += kRecordBytes) take(read_record(blob.substr(at, kRecordBytes)));
    records_ += blob.size() / kRecordBytes;
  }
}

core::Status IdempotencyJournal::append(std::span<const ports::KeyJournal::Record> records, core::Timestamp now) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  const auto dropped = drop_old(now);
  if (!dropped) return std::unexpected(dropped.error());
  if (auto written = write_row(records, now); !written) return written;
  if (auto committed = transaction->commit(); !committed) return committed;
  records_ += records.size();
  records_ -= std::min(records_, *dropped);
  return {};
}

core::Status IdempotencyJournal::write_row(std::span<const ports::KeyJournal::Record> records, core::Timestamp now) {
  std::string blob;
  blob.reserve(records.size() * kRecordBytes);
  for (const auto& record : records) append_record(blob, record);
  return insert_.bind(1, seconds_of(now)).bind_blob(2, blob).run();
}

/// How many records were dropped.
core::Result<std::uint64_t> IdempotencyJournal::drop_old(core::Timestamp now) {
  const std::int64_t expired = seconds_of(now - bounds_.retention);
  std::uint64_t dropped = 0;
  std::int64_t last = -1;
  oldest_.reset();
  oldest_.bind(1, std::int64_t{kDroppedAtOnce});
  while (true) {
    const auto row = oldest_.step();
    if (!row) {
      oldest_.reset();
      return std::unexpected(row.error());
    }
    const bool over = records_ - dropped > bounds_.max_records;
    if (!*row || (oldest_.int64(1) >= expired && !over)) break;
    last = oldest_.int64(0);
    dropped += static_cast<std::uint64_t>(oldest_.int64(2)) / kRecordBytes;
  }
  oldest_.reset();
  if (last < 0) return dropped;
  if (auto removed = remove_.bind(1, last).run(); !removed) return std::unexpected(removed.error());
  return dropped;
}

}  // namespace liveops::adapters::store_sqlite
