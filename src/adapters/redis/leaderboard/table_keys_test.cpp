#include "adapters/redis/leaderboard/table_keys.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::redis::leaderboard {
namespace {

core::StandingsId table(const std::string& board, core::Window window, const std::string& period) {
  return {core::BoardId::trusted(board), window, period};
}

TEST(TableKeys, LieInOneSlotNamedAfterTheTable) {
  const auto keys = table_keys("lb", table("score", core::Window::daily, "2026-11-22"));
  EXPECT_EQ(keys, (std::vector<std::string>{"lb:{score:daily:2026-11-22}", "lb:{score:daily:2026-11-22}:entries",
                                            "lb:{score:daily:2026-11-22}:meta", "lb:{score:daily:2026-11-22}:next",
                                            "lb:{score:daily:2026-11-22}:next:entries"}));
  EXPECT_EQ(epoch_key("lb"), "lb:{index}:epoch");
  EXPECT_EQ(tables_key("lb"), "lb:{index}:tables");
}

TEST(TableKeys, NoTwoTablesShareANameAndEachNameLeadsBack) {
  const auto one = table("a:seasonal:b", core::Window::seasonal, "s");
  const auto other = table("a", core::Window::seasonal, "b:seasonal:s");
  EXPECT_NE(table_name(one), table_name(other));
  for (const auto& id : {one, other, table("x", core::Window::weekly, "2026-11-16"), table(":", {}, ":")}) {
    EXPECT_EQ(parse_table_name(table_name(id)), id);
  }
}

TEST(TableKeys, OtherNamesAreNone) {
  for (const char* name : {"", "score", "score:daily", "score:hourly:x", ":daily:x", "a:daily:b:c", "a:daily:b%"}) {
    EXPECT_FALSE(parse_table_name(name)) << name;
  }
}

}  // namespace
}  // namespace liveops::adapters::redis::leaderboard
