#include "audit/table_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kTable = "score/daily/2026-11-22";
constexpr core::Timestamp kOpens{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

core::PlayerId player(const char* id) {
  return core::PlayerId::trusted(id);
}

class TableChecks : public testing::Test {
 protected:
  static ports::StandingsSpec spec() {
    return {{core::BoardId::trusted("score"), core::Window::daily, "2026-11-22"},
            {core::BoardOperator::best, core::BoardOrder::highest, 1000},
            kOpens,
            kOpens + std::chrono::days(1)};
  }
  void shown(std::uint64_t rank, const char* id, std::int64_t score, int minute = 0) {
    page.entries.push_back({rank, player(id), score, kOpens + std::chrono::minutes(minute)});
  }
  void stored(const char* id, std::int64_t score, int minute = 0) {
    held.push_back({player(id), spec().id, {score, kOpens + std::chrono::minutes(minute), {}}});
  }
  std::vector<Difference> check() {
    TableCheck check(spec(), hidden, differences);
    check.add(page, held);
    check.finish();
    members = check.members();
    return differences.first();
  }

  PlayerSet hidden;
  RankedPage page;
  std::vector<ports::HeldStanding> held;
  Differences differences{10};
  std::uint64_t members = 0;
};

TEST_F(TableChecks, AcceptATableInOrder) {
  shown(1, "b", 900, 5);
  shown(2, "c", 900, 7);
  shown(3, "a", 100);
  shown(4, "d", 100);
  stored("d", 100);
  stored("a", 100);
  stored("b", 900, 5);
  stored("c", 900, 7);
  EXPECT_THAT(check(), IsEmpty());
  EXPECT_EQ(members, 4U);
}

TEST_F(TableChecks, NameAnotherValue) {
  shown(1, "a", 900, 5);
  stored("a", 900, 6);
  EXPECT_THAT(check(), ElementsAre(Difference{"rank", "a", kTable, "900 at 2026-11-22T00:06:00Z",
                                              "900 at 2026-11-22T00:05:00Z"}));
}

TEST_F(TableChecks, NameWhoHasNoStandingAndWhoIsHidden) {
  hidden.insert(player("b"));
  shown(1, "a", 900);
  shown(2, "b", 800);
  stored("b", 800);
  const auto found = check();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], (Difference{"rank", "a", kTable, "none", "900 at 2026-11-22T00:00:00Z"}));
  EXPECT_EQ(found[1].player, "b");
  EXPECT_EQ(members, 0U);
}

TEST_F(TableChecks, NameWhoStandsOutOfOrder) {
  shown(1, "a", 100);
  shown(2, "b", 200);
  stored("a", 100);
  stored("b", 200);
  const auto found = check();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, "rank order");
  EXPECT_EQ(found[0].player, "b");
}

TEST_F(TableChecks, NameRanksThatLeaveAGap) {
  shown(1, "a", 200);
  shown(3, "b", 100);
  stored("a", 200);
  stored("b", 100);
  EXPECT_THAT(check(), ElementsAre(Difference{"rank", "b", kTable, "2", "3"}));
}

TEST_F(TableChecks, CountAMemberOnceThoughItIsListedTwice) {
  shown(1, "a", 200);
  shown(2, "a", 200);
  stored("a", 200);
  const auto found = check();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].what, "rank order");
  EXPECT_EQ(members, 1U);
}

TEST_F(TableChecks, RanksGoOnFromPageToPage) {
  TableCheck check(spec(), hidden, differences);
  shown(1, "a", 200);
  stored("a", 200);
  check.add(page, held);
  page.entries.clear();
  shown(2, "b", 300);
  stored("b", 300);
  check.add(page, held);
  check.finish();
  ASSERT_EQ(differences.count(), 1U);
  EXPECT_EQ(differences.first().front().what, "rank order");
  EXPECT_TRUE(check.lists(player("a")));
  EXPECT_FALSE(check.lists(player("c")));
}

TEST_F(TableChecks, ScoresAboveTheBoardsMaximumAreShownAsThat) {
  shown(1, "a", 1000);
  stored("a", 5000);
  EXPECT_THAT(check(), IsEmpty());
}

}  // namespace
}  // namespace liveops::audit
