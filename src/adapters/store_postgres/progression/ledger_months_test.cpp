#include "adapters/store_postgres/progression/ledger_months.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::store_postgres::progression {
namespace {

using std::chrono::year;

TEST(LedgerPartition, IsAMonthInUtcAndTheNextOneBeginsWhereItEnds) {
  const auto november = ledger_partition(year(2026) / 11);
  EXPECT_EQ(november.table, "ledger_2026_11");
  EXPECT_EQ(november.from_us, 1'793'491'200'000'000);
  EXPECT_EQ(ledger_partition(year(2026) / 12).from_us, november.to_us);
  const auto december = ledger_partition(year(2026) / 12);
  const auto january = ledger_partition(year(2027) / 1);
  EXPECT_EQ(january.table, "ledger_2027_01");
  EXPECT_EQ(january.from_us, december.to_us);
}

}  // namespace
}  // namespace liveops::adapters::store_postgres::progression
