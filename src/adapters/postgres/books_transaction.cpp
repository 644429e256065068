#include "adapters/postgres/books_transaction.hpp"

#include <utility>

namespace liveops::adapters::postgres {

namespace {

constexpr std::chrono::hours kPatience{1};  // for one statement: a ledger of any size has to be sorted by then

}  // namespace

ports::Task<void> begin_books(Session& session, std::string table) {
  if (auto done = co_await session.set_statement_timeout(kPatience); !done) co_return done;
  const auto found =
      co_await session.run_text("SET LOCAL work_mem = '64MB';SELECT to_regclass('" + table + "') IS NOT NULL");
  if (!found) co_return std::unexpected(found.error());
  if (found->boolean(0, 0)) co_return core::Status();
  co_return core::fail(core::Errc::not_found,
                       "the database has no table " + table + ": check DB_URL, or run `liveops migrate`");
}

ports::Task<Rows> Cursor::next(std::size_t limit) {
  if (!std::exchange(declared_, true)) {
    const auto declared = co_await session_.run_text("DECLARE " + name_ + " NO SCROLL CURSOR FOR " + sql_);
    if (!declared) co_return std::unexpected(declared.error());
  }
  co_return co_await session_.run_text("FETCH FORWARD " + std::to_string(limit) + " FROM " + name_);
}

}  // namespace liveops::adapters::postgres
