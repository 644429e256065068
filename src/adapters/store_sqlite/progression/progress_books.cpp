#include "adapters/store_sqlite/progression/progress_books.hpp"

#include <optional>
#include <utility>

#include "adapters/sqlite/books_file.hpp"
#include "adapters/store_sqlite/progression/books_reader.hpp"

namespace liveops::adapters::store_sqlite::progression {

namespace {

/// The snapshot with its statements, which go before it.
struct OpenBooks {
  explicit OpenBooks(ReadSnapshot begun, sqlite::Database& database) : snapshot(std::move(begun)), reader(database) {}
  ReadSnapshot snapshot;
  BooksReader reader;
};

/// Every call on the database's thread.
class Reader final : public ports::ProgressBooks::Reader {
 public:
  Reader(sqlite::Worker& worker, BooksReader& books) : worker_(worker), books_(books) {}

  ports::Task<std::vector<ports::LedgerRow>> ledger(std::size_t limit) override {
    co_return co_await worker_.run([this, limit] { return books_.ledger(limit); });
  }
  ports::Task<std::vector<ports::LedgerRow>> history(core::Timestamp from, core::Timestamp to,
                                                     std::size_t limit) override {
    co_return co_await worker_.run([this, from, to, limit] { return books_.history(from, to, limit); });
  }
  ports::Task<std::vector<ports::PlayerBooks>> players(std::size_t limit) override {
    co_return co_await worker_.run([this, limit] { return books_.players(limit); });
  }
  ports::Task<std::vector<ports::GrantedDrop>> drops(std::size_t limit) override {
    co_return co_await worker_.run([this, limit] { return books_.drops(limit); });
  }
  ports::Task<std::vector<core::DropId>> granted(std::vector<core::DropId> drops) override {
    co_return co_await worker_.run([this, drops = std::move(drops)] { return books_.granted(drops); });
  }
  ports::Task<std::vector<ports::RepeatedEvent>> repeated_events(std::size_t limit) override {
    co_return co_await worker_.run([this, limit] { return books_.repeated_events(limit); });
  }

 private:
  sqlite::Worker& worker_;
  BooksReader& books_;
};

}  // namespace

core::Result<std::unique_ptr<ProgressBooks>> ProgressBooks::open(const std::filesystem::path& directory) {
  auto database = sqlite::open_books_file(directory / "progression.db", "ledger");
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<ProgressBooks>(new ProgressBooks(std::move(*database)));
}

ProgressBooks::ProgressBooks(sqlite::Database database) : database_(std::move(database)), worker_("progress-books") {}

ports::Task<void> ProgressBooks::read(std::function<ports::Task<void>(Reader&)> work) {
  std::optional<OpenBooks> books;
  auto begun = co_await worker_.run([this, &books]() -> core::Status {
    auto snapshot = ReadSnapshot::begin(database_);
    if (!snapshot) return std::unexpected(snapshot.error());
    books.emplace(std::move(*snapshot), database_);
    return {};
  });
  if (!begun) co_return begun;
  progression::Reader reader(worker_, books->reader);
  auto done = co_await work(reader);
  auto ended = co_await worker_.run([&books]() -> core::Status {
    books.reset();
    return {};
  });
  co_return done ? ended : done;
}

}  // namespace liveops::adapters::store_sqlite::progression
