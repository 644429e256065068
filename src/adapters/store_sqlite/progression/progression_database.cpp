#include "adapters/store_sqlite/progression/progression_database.hpp"

#include "adapters/store_sqlite/progression/schema.hpp"

namespace liveops::adapters::store_sqlite::progression {

namespace {

constexpr const char* kFile = "progression.db";

// Event ids are hashes: a batch touches a page of the inbox for almost every event. The longer the log grows before it
// is copied into the file, the more of these changes meet on one page. 16,000 pages are 64 MiB.
constexpr const char* kLongLog = "PRAGMA wal_autocheckpoint=16000";

}  // namespace

core::Result<std::unique_ptr<ProgressionDatabase>> ProgressionDatabase::open(const std::filesystem::path& directory) {
  auto write = sqlite::Database::open(directory / kFile, {.cache_mib = 32});
  if (!write) return std::unexpected(write.error());
  if (auto done = write->exec(kLongLog); !done) return std::unexpected(done.error());
  if (auto done = sqlite::migrate(*write, migrations()); !done) return std::unexpected(done.error());
  auto read = sqlite::Database::open(directory / kFile, {});
  if (!read) return std::unexpected(read.error());
  return std::unique_ptr<ProgressionDatabase>(new ProgressionDatabase(std::move(*write), std::move(*read)));
}

ProgressionDatabase::ProgressionDatabase(sqlite::Database write, sqlite::Database read)
    : write_(std::make_unique<WriteSide>(std::move(write))),
      read_(std::make_unique<ReadSide>(std::move(read))),
      writer_("progress-write"),
      reader_("progress-read") {}

std::string ProgressionDatabase::name() const {
  return "store";
}

ports::Task<void> ProgressionDatabase::check() {
  return write([](WriteSide& side) -> core::Status {
    const auto transaction = sqlite::Transaction::begin(side.database);
    if (!transaction) return std::unexpected(transaction.error());
    return {};
  });
}

ports::Task<void> ProgressionDatabase::limit_pages(std::int64_t pages) {
  return write([pages](WriteSide& side) -> core::Status {
    side.database.limit_pages(pages);
    return {};
  });
}

}  // namespace liveops::adapters::store_sqlite::progression
