#include "adapters/bus_local/group_store.hpp"

#include <algorithm>
#include <utility>

#include "adapters/bus_local/schema.hpp"

namespace liveops::adapters::bus_local {

using core::Result;
using core::Status;

namespace {

std::int64_t key_of(ports::Topic topic) {
  return static_cast<std::int64_t>(topic);
}

}  // namespace

Result<GroupStore> GroupStore::open(const std::filesystem::path& file) {
  auto database = sqlite::Database::open(file, {.sync_every_commit = true, .cache_mib = 8, .page_bytes = 8192});
  if (!database) return std::unexpected(database.error());
  if (auto done = prepare_schema(*database); !done) return std::unexpected(done.error());
  if (auto done = database->exec("PRAGMA journal_size_limit=67108864"); !done) return std::unexpected(done.error());
  GroupStore store(*std::move(database));
  auto page_size = store.database_->prepare("PRAGMA page_size");
  const auto page_bytes = number(page_size);
  if (!page_bytes) return std::unexpected(page_bytes.error());
  store.page_bytes_ = static_cast<std::uint64_t>(*page_bytes);
  return store;
}

GroupStore::GroupStore(sqlite::Database database)
    : database_(std::make_unique<sqlite::Database>(std::move(database))),
      save_position_(database_->prepare(
          "INSERT INTO positions VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET position = excluded.position")),
      add_addressed_(database_->prepare("INSERT OR REPLACE INTO addressed VALUES (?1, ?2, ?3)")),
      forget_addressed_(database_->prepare("DELETE FROM addressed WHERE topic = ?1 AND message < ?2")),
      page_count_(database_->prepare("PRAGMA page_count")),
      free_count_(database_->prepare("PRAGMA freelist_count")),
      data_version_(database_->prepare("PRAGMA data_version")) {}

Result<std::map<std::string, std::uint64_t>> GroupStore::positions(ports::Topic topic) {
  auto select = database_->prepare("SELECT consumer_group, position FROM positions WHERE topic = ?1");
  select.bind(1, key_of(topic));
  std::map<std::string, std::uint64_t> found;
  while (true) {
    const auto row = select.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.emplace(select.text(0), static_cast<std::uint64_t>(select.int64(1)));
  }
}

Status GroupStore::save_position(ports::Topic topic, const std::string& group, std::uint64_t position) {
  save_position_.bind(1, key_of(topic)).bind_text(2, group);
  return save_position_.bind(3, static_cast<std::int64_t>(position)).run();
}

Result<std::map<std::uint64_t, std::string>> GroupStore::addressed(ports::Topic topic) {
  auto select = database_->prepare("SELECT message, consumer_group FROM addressed WHERE topic = ?1");
  select.bind(1, key_of(topic));
  std::map<std::uint64_t, std::string> found;
  while (true) {
    const auto row = select.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.emplace(static_cast<std::uint64_t>(select.int64(0)), select.text(1));
  }
}

Status GroupStore::add_addressed(ports::Topic topic, std::uint64_t offset, const std::string& group) {
  add_addressed_.bind(1, key_of(topic)).bind(2, static_cast<std::int64_t>(offset));
  return add_addressed_.bind_text(3, group).run();
}

Status GroupStore::forget_addressed(ports::Topic topic, std::uint64_t below) {
  return forget_addressed_.bind(1, key_of(topic)).bind(2, static_cast<std::int64_t>(below)).run();
}

Result<std::uint64_t> GroupStore::used_bytes() {
  const auto pages = number(page_count_);
  const auto free = number(free_count_);
  if (!pages) return std::unexpected(pages.error());
  if (!free) return std::unexpected(free.error());
  return static_cast<std::uint64_t>(*pages - *free) * page_bytes_;
}

Status GroupStore::shrink(int max_pages) {
  const auto pages = number(page_count_);
  const auto free = number(free_count_);
  if (!pages) return std::unexpected(pages.error());
  if (!free) return std::unexpected(free.error());
  // New letters reuse free pages: only an excess is worth moving pages about for.
  constexpr std::int64_t kKeepFree = 512;
  if (*free <= std::max(kKeepFree, *pages - *free)) return {};
  return database_->exec("PRAGMA incremental_vacuum(" + std::to_string(max_pages) + ")");
}

Result<std::int64_t> GroupStore::data_version() {
  return number(data_version_);
}

Status GroupStore::probe() {
  auto transaction = sqlite::Transaction::begin(*database_);
  if (!transaction) return std::unexpected(transaction.error());
  // Larger than what a few positions need, so that the answer is not "yes" on a disk that is all but full.
  if (auto done = database_->exec("INSERT INTO probe VALUES (zeroblob(65536))"); !done) return done;
  if (auto done = database_->exec("DELETE FROM probe"); !done) return done;
  return transaction->commit();
}

Result<std::int64_t> GroupStore::number(sqlite::Statement& statement) {
  const auto row = statement.step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t value = *row ? statement.int64(0) : 0;
  statement.reset();
  return value;
}

}  // namespace liveops::adapters::bus_local
