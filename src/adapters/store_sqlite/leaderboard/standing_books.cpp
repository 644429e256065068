#include "adapters/store_sqlite/leaderboard/standing_books.hpp"

#include <tuple>
#include <utility>

#include "adapters/sqlite/books_file.hpp"
#include "adapters/store_sqlite/leaderboard/books_reader.hpp"

namespace liveops::adapters::store_sqlite::leaderboard {

namespace {

/// A read transaction and its statements.
class OpenBooks {
 public:
  [[nodiscard]] static core::Result<std::unique_ptr<OpenBooks>> begin(sqlite::Database& database) {
    if (auto begun = database.exec("BEGIN"); !begun) return std::unexpected(begun.error());
    return std::unique_ptr<OpenBooks>(new OpenBooks(database));
  }
  ~OpenBooks() {
    // Nothing was written, so a failure can lose nothing; the next BEGIN would name it.
    std::ignore = database_.exec("COMMIT");
  }
  OpenBooks(const OpenBooks&) = delete;
  OpenBooks& operator=(const OpenBooks&) = delete;

  BooksReader reader;

 private:
  explicit OpenBooks(sqlite::Database& database) : reader(database), database_(database) {}
  sqlite::Database& database_;
};

/// Every call on the database's thread.
class Reader final : public ports::StandingBooks::Reader {
 public:
  Reader(sqlite::Worker& worker, BooksReader& books) : worker_(worker), books_(books) {}

  ports::Task<std::vector<ports::StandingsInfo>> tables() override {
    co_return co_await worker_.run([this] { return books_.tables(); });
  }
  ports::Task<std::vector<ports::HeldStanding>> rows(std::string after, std::size_t limit) override {
    co_return co_await worker_.run([this, after = std::move(after), limit] { return books_.rows(after, limit); });
  }
  ports::Task<std::vector<ports::HeldStanding>> rows_of(core::StandingsId table,
                                                        std::vector<core::PlayerId> players) override {
    auto job = [this, table = std::move(table), players = std::move(players)] {
      return books_.rows_of(table, players);
    };
    co_return co_await worker_.run(std::move(job));
  }
  ports::Task<std::vector<core::StandingChange>> blocked() override {
    co_return co_await worker_.run([this] { return books_.blocked(); });
  }

 private:
  sqlite::Worker& worker_;
  BooksReader& books_;
};

}  // namespace

core::Result<std::unique_ptr<StandingBooks>> StandingBooks::open(const std::filesystem::path& directory) {
  auto database = sqlite::open_books_file(directory / "leaderboard.db", "standings");
  if (!database) return std::unexpected(database.error());
  return std::unique_ptr<StandingBooks>(new StandingBooks(std::move(*database)));
}

StandingBooks::StandingBooks(sqlite::Database database) : database_(std::move(database)), worker_("lb-books") {}

ports::Task<void> StandingBooks::read(std::function<ports::Task<void>(Reader&)> work) {
  std::unique_ptr<OpenBooks> books;
  auto begun = co_await worker_.run([this, &books]() -> core::Status {
    auto opened = OpenBooks::begin(database_);
    if (!opened) return std::unexpected(opened.error());
    books = std::move(*opened);
    return {};
  });
  if (!begun) co_return begun;
  leaderboard::Reader reader(worker_, books->reader);
  auto done = co_await work(reader);
  auto ended = co_await worker_.run([&books]() -> core::Status {
    books.reset();
    return {};
  });
  co_return done ? ended : done;
}

}  // namespace liveops::adapters::store_sqlite::leaderboard
