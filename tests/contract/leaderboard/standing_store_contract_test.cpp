#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using core::BoardOperator;
using core::BoardOrder;
using core::Errc;
using core::Timestamp;
using ports::Contribution;
using ports::Standing;
using ports::StandingBatch;
using ports::StandingsState;

Timestamp at(std::int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}
core::PlayerId player(const std::string& name) {
  return core::PlayerId::trusted(name);
}

core::EventId event_number(int number, int series = 0) {
  core::EventId::Bytes bytes{};
  bytes[0] = static_cast<std::uint8_t>(number * 37);
  bytes[13] = static_cast<std::uint8_t>(series);
  bytes[14] = static_cast<std::uint8_t>(number >> 8);
  bytes[15] = static_cast<std::uint8_t>(number);
  return core::EventId(bytes);
}

ports::StandingsSpec table(const char* board, const char* period = "d1", BoardOperator op = BoardOperator::best,
                           BoardOrder order = BoardOrder::highest) {
  return {{core::BoardId::trusted(board), core::Window::daily, period}, {op, order, 1000}, at(0), at(1'000'000)};
}

/// One event that brings `score` to the batch's first table.
struct Play {
  int event = 0;
  std::string name;
  std::int64_t score = 0;
  std::int64_t us = 0;
  int series = 0;  // tells events of the same number apart
};

class StandingStoreContract : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  static StandingBatch batch(const ports::StandingsSpec& spec, const std::vector<Play>& plays) {
    StandingBatch result{{spec}, {}, {}, at(5)};
    for (const auto& play : plays) {
      result.contributions.push_back(
          {static_cast<std::uint32_t>(result.events.size()), 0, play.score, at(play.us), std::nullopt});
      result.events.push_back({event_number(play.event, play.series), player(play.name)});
    }
    return result;
  }
  ports::AppliedBatch apply(StandingBatch plays) { return test::run(stores().apply(std::move(plays))).value(); }
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> content(const ports::StandingsSpec& spec) {
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> rows;
    for (const auto& row : test::run(stores().scan("", 100'000)).value()) {
      if (row.table != spec.id) continue;
      rows[row.standing.player.str()] = {row.standing.score, row.standing.achieved_at.time_since_epoch().count()};
    }
    return rows;
  }
  std::string ranked(const ports::StandingsSpec& spec, std::int64_t step = 1, std::size_t piece = 2) {
    auto rows = test::run(stores().ranked(spec.id, {spec.operation.order, spec.opens_at, step})).value();
    std::string names;
    while (true) {
      const auto next = test::run(rows->next(piece)).value();
      if (next.empty()) return names;
      for (const auto& row : next) names += row.player.str() + " ";
    }
  }
  ports::StandingStore& stores() { return fixture_->standings(); }

  std::unique_ptr<contract::StoresFixture> fixture_ = GetParam().make();
};

TEST_P(StandingStoreContract, ReportsAbsoluteStandingsOfWhatChanged) {
  const auto spec = table("b");
  const auto first = apply(batch(spec, {{1, "a", 5, 10}, {2, "a", 9, 20}, {3, "b", 4, 30}}));
  ASSERT_EQ(first.rows.size(), 2U);
  EXPECT_EQ(first.duplicates, 0U);
  const auto second = apply(batch(spec, {{4, "a", 3, 40}, {5, "b", 6, 50}}));
  ASSERT_EQ(second.rows.size(), 1U) << "a's best is untouched";
  EXPECT_EQ(second.rows[0].standing, (Standing{player("b"), 6, at(50), 2}));
  EXPECT_EQ(content(spec),
            (std::map<std::string, std::pair<std::int64_t, std::int64_t>>{{"a", {9, 20}}, {"b", {6, 50}}}));
}

TEST_P(StandingStoreContract, EventCountsOnceAndItsRepeatReportsWhatStandsThere) {
  const auto spec = table("b", "d1", BoardOperator::sum);
  apply(batch(spec, {{1, "a", 5, 10}, {2, "a", 5, 20}}));
  fixture_->reopen();
  const auto again = apply(batch(spec, {{2, "a", 5, 20}, {1, "a", 5, 10}, {3, "b", 1, 1}, {3, "b", 1, 1}}));
  EXPECT_EQ(again.duplicates, 3U);
  ASSERT_EQ(again.rows.size(), 2U);
  EXPECT_EQ(content(spec)["a"], (std::pair<std::int64_t, std::int64_t>{10, 20}));
  EXPECT_EQ(content(spec)["b"], (std::pair<std::int64_t, std::int64_t>{1, 1}));
}

TEST_P(StandingStoreContract, KeepsLargeScoresAndMicroseconds) {
  auto spec = table("b", "d1", BoardOperator::last);
  spec.operation.max_score = std::int64_t{1} << 43;
  apply(batch(spec, {{1, "a", spec.operation.max_score, 1'795'000'000'123'457}}));
  EXPECT_EQ(content(spec)["a"], (std::pair(spec.operation.max_score, std::int64_t{1'795'000'000'123'457})));
}

TEST_P(StandingStoreContract, OneEventReachesSeveralTables) {
  StandingBatch both{{table("b"), table("c")}, {{event_number(1), player("a")}}, {}, at(5)};
  both.contributions = {{0, 0, 7, at(1), std::nullopt}, {0, 1, 8, at(2), std::nullopt}};
  EXPECT_EQ(apply(both).rows.size(), 2U);
  EXPECT_EQ(content(table("b"))["a"].first, 7);
  EXPECT_EQ(content(table("c"))["a"].first, 8);
}

TEST_P(StandingStoreContract, ScansUnsealedTablesPlayerByPlayerWithoutRepeatOrGap) {
  std::vector<Play> plays;
  for (int i = 0; i < 57; ++i) plays.push_back({i, "p" + std::to_string(i * 7919 % 57), 1, 1});
  apply(batch(table("b"), plays));
  for (auto& play : plays) play.series = 1;
  apply(batch(table("c"), plays));
  for (auto& play : plays) play = {play.event, "sealed" + play.name, 1, 1, 2};
  apply(batch(table("d"), plays));
  ASSERT_TRUE(test::run(stores().begin_seal(table("d").id, at(9))));
  ASSERT_TRUE(test::run(stores().finish_seal(table("d").id)));
  std::vector<std::pair<std::string, std::string>> seen;
  std::string after;
  while (true) {
    const auto page = test::run(stores().scan(after, 10)).value();
    if (page.empty()) break;
    EXPECT_LE(page.size(), 12U);
    for (const auto& row : page) seen.emplace_back(row.standing.player.str(), row.table.board.str());
    after = seen.back().first;
  }
  EXPECT_EQ(seen.size(), 114U);
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

TEST_P(StandingStoreContract, TablesComeInTheOrderTheyClose) {
  auto later = table("b", "d2");
  later.closes_at = at(2'000'000);
  apply(batch(later, {{1, "a", 1, 1}}));
  apply(batch(table("b", "d1"), {{2, "a", 1, 1}}));
  const auto tables = test::run(stores().tables(true)).value();
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].spec, table("b", "d1"));
  EXPECT_EQ(tables[1].spec, later);
  EXPECT_EQ(tables[0].state, StandingsState::open);
}

TEST_P(StandingStoreContract, SealingTableTakesNoEventUnlessTheyHaveSomewhereElseToGo) {
  apply(batch(table("b"), {{1, "a", 5, 10}}));
  ASSERT_TRUE(test::run(stores().begin_seal(table("b").id, at(9))));
  ASSERT_TRUE(test::run(stores().begin_seal(table("b").id, at(9)))) << "again: nothing happens";
  const auto late = apply(batch(table("b"), {{2, "a", 9, 10}}));
  EXPECT_EQ(late.late, 1U);
  EXPECT_TRUE(late.rows.empty());
  StandingBatch moved{{table("b"), table("b", "d2")}, {{event_number(3), player("a")}}, {}, at(5)};
  moved.contributions = {{0, 0, 9, at(1), Contribution::Fallback{1, at(77)}}};
  EXPECT_EQ(apply(moved).moved, 1U);
  EXPECT_EQ(content(table("b"))["a"].first, 5);
  EXPECT_EQ(content(table("b", "d2"))["a"], (std::pair<std::int64_t, std::int64_t>{9, 77}));
}

TEST_P(StandingStoreContract, RankedRowsAreInOrderOfScoreSlotAndName) {
  apply(batch(table("b"), {{1, "z", 5, 19}, {2, "a", 5, 20}, {3, "m", 5, 11}, {4, "top", 9, 99}, {5, "B", 5, 12}}));
  ASSERT_TRUE(test::run(stores().begin_seal(table("b").id, at(9))));
  EXPECT_EQ(ranked(table("b"), 10), "top B m z a ");
  EXPECT_EQ(ranked(table("b"), 1), "top m B z a ");
  const auto fast = table("f", "d1", BoardOperator::best, BoardOrder::lowest);
  apply(batch(fast, {{6, "a", 5, 1}, {7, "b", 4, 1}}));
  ASSERT_TRUE(test::run(stores().begin_seal(fast.id, at(9))));
  EXPECT_EQ(ranked(fast), "b a ");
}

TEST_P(StandingStoreContract, RankedLeavesOutWhoWasHiddenWhenSealingBeganWhateverChangesLater) {
  apply(batch(table("b"), {{1, "a", 5, 1}, {2, "b", 4, 1}, {3, "c", 3, 1}, {4, "d", 2, 1}}));
  const auto change = [](const char* name, bool blocked, std::int64_t version, std::optional<Timestamp> until) {
    return core::StandingChange{player(name), blocked, until, version, at(1), "why"};
  };
  ASSERT_TRUE(test::run(fixture_->visibility().apply(
      {change("a", true, 1, {}), change("c", true, 1, at(9)), change("d", true, 1, at(10))})));
  ASSERT_TRUE(test::run(stores().begin_seal(table("b").id, at(9))));
  ASSERT_TRUE(test::run(fixture_->visibility().apply({change("a", false, 2, {}), change("b", true, 1, {})})));
  fixture_->reopen();
  ASSERT_TRUE(test::run(stores().begin_seal(table("b").id, at(99))));
  EXPECT_EQ(ranked(table("b")), "b c ");
}

TEST_P(StandingStoreContract, StatesGoOneWayOnly) {
  const auto id = table("b").id;
  EXPECT_EQ(test::run(stores().begin_seal(id, at(9))).error().code, Errc::not_found);
  EXPECT_EQ(test::run(stores().ranked(id, {})).error().code, Errc::not_found);
  apply(batch(table("b"), {{1, "a", 5, 1}}));
  EXPECT_EQ(test::run(stores().ranked(id, {})).error().code, Errc::conflict);
  EXPECT_EQ(test::run(stores().finish_seal(id)).error().code, Errc::conflict);
  ASSERT_TRUE(test::run(stores().begin_seal(id, at(9))));
  ASSERT_TRUE(test::run(stores().finish_seal(id)));
  ASSERT_TRUE(test::run(stores().finish_seal(id))) << "again: nothing happens";
  EXPECT_EQ(test::run(stores().begin_seal(id, at(9))).error().code, Errc::conflict);
  EXPECT_TRUE(test::run(stores().tables(true)).value().empty());
  EXPECT_EQ(test::run(stores().tables(false)).value().front().state, StandingsState::sealed);
}

TEST_P(StandingStoreContract, SealedRowsArePurgedInSteps) {
  apply(batch(table("b"), {{1, "a", 5, 1}, {2, "b", 5, 1}, {3, "c", 5, 1}}));
  apply(batch(table("c"), {{4, "a", 5, 1}}));
  EXPECT_EQ(test::run(stores().purge_sealed(2)).value(), 0U);
  ASSERT_TRUE(test::run(stores().begin_seal(table("b").id, at(9))));
  EXPECT_EQ(test::run(stores().purge_sealed(2)).value(), 0U);
  ASSERT_TRUE(test::run(stores().finish_seal(table("b").id)));
  EXPECT_LT(test::run(stores().purge_sealed(1)).value(), 3U);
  fixture_->reopen();
  std::uint64_t purged = 0;
  for (int step = 0; step < 8; ++step) purged += test::run(stores().purge_sealed(1)).value();
  EXPECT_GE(purged, 1U);
  EXPECT_EQ(test::run(stores().scan("", 100)).value().size(), 1U);
  EXPECT_EQ(content(table("c")).size(), 1U);
  EXPECT_EQ(test::run(stores().tables(false)).value().size(), 2U);
  EXPECT_EQ(test::run(stores().purge_sealed(100)).value(), 0U);
}

TEST_P(StandingStoreContract, EventIdsAreForgottenOnlyAfterTheirTime) {
  const auto day = std::chrono::days(1);
  auto old = batch(table("b", "d1", BoardOperator::sum), {});
  for (int i = 0; i < 30; ++i) {
    old.contributions.push_back({static_cast<std::uint32_t>(i), 0, 1, at(1), std::nullopt});
    old.events.push_back({event_number(i), player("a")});
  }
  old.now = at(0) + day;
  apply(old);
  auto fresh = batch(table("b", "d1", BoardOperator::sum), {{100, "a", 1, 1}});
  fresh.now = at(0) + 5 * day;
  apply(fresh);
  EXPECT_EQ(test::run(stores().forget_events(at(0) + day, 100)).value(), 0U);
  std::uint64_t forgotten = 0;
  for (int step = 0; step < 8; ++step) forgotten += test::run(stores().forget_events(at(0) + 4 * day, 7)).value();
  EXPECT_EQ(forgotten, 30U);
  EXPECT_EQ(apply(fresh).duplicates, 1U);
}

TEST_P(StandingStoreContract, StandingsOfPlayersComeFromAllUnsealedTables) {
  apply(batch(table("b"), {{1, "a", 5, 1}, {2, "x", 5, 1}}));
  apply(batch(table("c"), {{3, "a", 6, 1}}));
  apply(batch(table("d"), {{4, "a", 7, 1}}));
  ASSERT_TRUE(test::run(stores().begin_seal(table("d").id, at(9))));
  ASSERT_TRUE(test::run(stores().finish_seal(table("d").id)));
  auto rows = test::run(stores().standings_of({player("a"), player("nobody")})).value();
  std::ranges::sort(rows, {}, [](const auto& row) { return row.standing.score; });
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].table, table("b"));
  EXPECT_EQ(rows[1].standing, (Standing{player("a"), 6, at(1), 1}));
}

TEST_P(StandingStoreContract, SameEventsInAnyOrderAndBatchingWithRepeatsGiveTheSameStandings) {
  int number = 0;
  EXPECT_TRUE(rc::check([this, &number] {
    const auto op = *rc::gen::element(BoardOperator::best, BoardOperator::sum, BoardOperator::last);
    const auto order = *rc::gen::element(BoardOrder::highest, BoardOrder::lowest);
    const auto once = table("once", ("d" + std::to_string(number)).c_str(), op, order);
    const auto again = table("again", ("d" + std::to_string(number)).c_str(), op, order);
    const auto count = *rc::gen::inRange(1, 25);
    std::vector<Play> plays;
    for (int i = 0; i < count; ++i) {
      plays.push_back({++number, "p" + std::to_string(*rc::gen::inRange(0, 4)), *rc::gen::inRange<std::int64_t>(0, 400),
                       *rc::gen::inRange<std::int64_t>(0, 5), 0});
    }
    apply(batch(once, plays));
    for (auto& play : plays) play.series = 1;
    for (int round = 0; round < 3; ++round) {
      auto shuffled = plays;
      for (std::size_t i = shuffled.size(); i > 1; --i) {
        std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
      }
      const auto cut = *rc::gen::inRange<std::size_t>(0, shuffled.size() + 1);
      const auto middle = shuffled.begin() + static_cast<std::ptrdiff_t>(cut);
      apply(batch(again, {shuffled.begin(), middle}));
      apply(batch(again, {middle, shuffled.end()}));
    }
    RC_ASSERT(content(once) == content(again));
  }));
}

INSTANTIATE_TEST_SUITE_P(Adapters, StandingStoreContract, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops
