#include "adapters/store_postgres/progression/ledger_months.hpp"

#include <cstdint>

#include "adapters/store_postgres/progression/rows.hpp"

namespace liveops::adapters::store_postgres::progression {

using postgres::Session;

namespace {

std::chrono::year_month month_of(core::Timestamp time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  return day.year() / day.month();
}

std::int64_t first_us(std::chrono::year_month month) {
  return to_us(core::Timestamp(std::chrono::sys_days(month / 1)));
}

/// Made apart and then attached: that locks the ledger against other changes of its form, not against rows.
ports::Task<void> make(Session& session, LedgerPartition partition) {
  const std::string table = "progression." + partition.table;
  const auto found = co_await session.run_text("SELECT to_regclass('" + table + "') IS NOT NULL");
  if (!found) co_return std::unexpected(found.error());
  if (found->boolean(0, 0)) co_return core::Status();
  const auto made = co_await session.run_text(
      "CREATE TABLE " + table +
      "(LIKE progression.ledger INCLUDING ALL);ALTER TABLE progression.ledger ATTACH PARTITION " + table +
      " FOR VALUES FROM (" + std::to_string(partition.from_us) + ") TO (" + std::to_string(partition.to_us) + ")");
  if (!made) co_return std::unexpected(made.error());
  co_return core::Status();
}

ports::Task<void> make_two(Session& session, std::chrono::year_month month) {
  const auto locked =
      co_await session.run_text("SELECT pg_advisory_xact_lock(hashtextextended('liveops ledger months', 0))");
  if (!locked) co_return std::unexpected(locked.error());
  if (auto done = co_await make(session, ledger_partition(month)); !done) co_return done;
  co_return co_await make(session, ledger_partition(month + std::chrono::months(1)));
}

}  // namespace

LedgerPartition ledger_partition(std::chrono::year_month month) {
  const auto number = static_cast<unsigned>(month.month());
  return {.table = "ledger_" + std::to_string(static_cast<int>(month.year())) + (number < 10 ? "_0" : "_") +
                   std::to_string(number),
          .from_us = first_us(month),
          .to_us = first_us(month + std::chrono::months(1))};
}

ports::Task<void> LedgerMonths::prepare(core::Timestamp now) {
  const auto month = month_of(now);
  {
    const std::lock_guard lock(mutex_);
    if (there_.contains(month)) co_return core::Status();
  }
  auto made = co_await pool_.transaction<void>([month](Session& session) { return make_two(session, month); });
  if (!made) co_return made;
  const std::lock_guard lock(mutex_);
  there_.insert(month);
  co_return core::Status();
}

void LedgerMonths::forget() {
  const std::lock_guard lock(mutex_);
  there_.clear();
}

}  // namespace liveops::adapters::store_postgres::progression
