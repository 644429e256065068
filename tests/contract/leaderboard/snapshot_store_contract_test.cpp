#include <gtest/gtest.h>

#include "tests/contract/leaderboard/adapters.hpp"
#include "tests/support/run_task.hpp"

namespace liveops {
namespace {

using core::Errc;
using core::Timestamp;
using ports::Snapshot;
using ports::SnapshotRow;

Timestamp at(std::int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}

Snapshot snapshot(const std::string& id, const std::string& period, std::int64_t taken_us, bool sealed = false) {
  return {.id = id,
          .table = {core::BoardId::trusted("b"), core::Window::weekly, period},
          .opens_at = at(1),
          .closes_at = at(2),
          .taken_at = at(taken_us),
          .sealed = sealed,
          .revision = sealed ? 1 : 0,
          .rows = 3,
          .total = 7,
          .sha256 = "aa",
          .signature = "bb"};
}

std::vector<SnapshotRow> rows(std::uint64_t from, std::uint64_t to) {
  std::vector<SnapshotRow> list;
  for (std::uint64_t rank = from; rank <= to; ++rank) {
    list.push_back({rank, core::PlayerId::trusted("p" + std::to_string(rank)), static_cast<std::int64_t>(100 - rank),
                    at(1'795'000'000'123'457)});
  }
  return list;
}

class SnapshotStoreContract : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  void write(const Snapshot& description) {
    ASSERT_TRUE(test::run(store().begin(description.id)));
    ASSERT_TRUE(test::run(store().append(description.id, rows(1, 3))));
    ASSERT_TRUE(test::run(store().complete(description)));
  }
  std::string ids(const ports::SnapshotFilter& filter, std::uint64_t offset = 0, std::size_t limit = 10) {
    std::string text;
    for (const auto& found : test::run(store().list(filter, offset, limit)).value()) text += found.id + " ";
    return text;
  }
  ports::SnapshotStore& store() { return fixture_->snapshots(); }
  std::unique_ptr<contract::StoresFixture> fixture_ = GetParam().make();
};

TEST_P(SnapshotStoreContract, CompleteSnapshotIsFoundAsItWasWritten) {
  const auto written = snapshot("b:weekly:w1:r1", "w1", 50, true);
  write(written);
  fixture_->reopen();
  EXPECT_EQ(test::run(store().find(written.id)).value(), written);
  EXPECT_EQ(test::run(store().rows(written.id, 0, 10)).value(), rows(1, 3));
  EXPECT_EQ(test::run(store().rows(written.id, 1, 1)).value(), rows(2, 2));
  EXPECT_TRUE(test::run(store().rows(written.id, 3, 10)).value().empty());
}

TEST_P(SnapshotStoreContract, UnfinishedSnapshotIsInvisibleAndStartsAfresh) {
  const auto description = snapshot("s", "w1", 50);
  ASSERT_TRUE(test::run(store().begin("s")));
  ASSERT_TRUE(test::run(store().append("s", rows(1, 9))));
  EXPECT_EQ(test::run(store().find("s")).error().code, Errc::not_found);
  EXPECT_EQ(test::run(store().rows("s", 0, 10)).error().code, Errc::not_found);
  EXPECT_EQ(ids({}), "");
  fixture_->reopen();
  write(description);
  EXPECT_EQ(test::run(store().rows("s", 0, 10)).value(), rows(1, 3));
}

TEST_P(SnapshotStoreContract, CompleteSnapshotCannotBeChanged) {
  write(snapshot("s", "w1", 50));
  EXPECT_EQ(test::run(store().begin("s")).error().code, Errc::conflict);
  EXPECT_EQ(test::run(store().append("s", rows(4, 4))).error().code, Errc::conflict);
  EXPECT_EQ(test::run(store().complete(snapshot("s", "w1", 50))).error().code, Errc::conflict);
}

TEST_P(SnapshotStoreContract, WhatWasNotBegunCannotBeWritten) {
  EXPECT_EQ(test::run(store().append("s", rows(1, 1))).error().code, Errc::conflict);
  EXPECT_EQ(test::run(store().complete(snapshot("s", "w1", 50))).error().code, Errc::conflict);
  ASSERT_TRUE(test::run(store().begin("s")));
  ASSERT_TRUE(test::run(store().append("s", rows(1, 2))));
  EXPECT_EQ(test::run(store().append("s", rows(2, 2))).error().code, Errc::conflict);
}

TEST_P(SnapshotStoreContract, ListsNewestFirstFilteredAndPaged) {
  write(snapshot("x1", "w1", 10));
  write(snapshot("x3", "w2", 30));
  write(snapshot("x2", "w1", 20, true));
  write(snapshot("x4", "w2", 30));
  EXPECT_EQ(ids({}), "x4 x3 x2 x1 ");
  EXPECT_EQ(ids({}, 1, 2), "x3 x2 ");
  EXPECT_EQ(ids({.period = "w1"}), "x2 x1 ");
  EXPECT_EQ(ids({.board = core::BoardId::trusted("other")}), "");
  EXPECT_EQ(ids({.window = core::Window::daily}), "");
  EXPECT_EQ(ids({.board = core::BoardId::trusted("b"), .window = core::Window::weekly, .sealed = true}), "x2 ");
}

TEST_P(SnapshotStoreContract, RemembersPreviousRanksAndNamesThePromoted) {
  auto written = snapshot("b:weekly:w1:r2", "w1", 50, true);
  auto list = rows(1, 3);
  list[0].previous_rank = 2;
  list[2].previous_rank = 4;
  ASSERT_TRUE(test::run(store().begin(written.id)));
  ASSERT_TRUE(test::run(store().append(written.id, list)));
  EXPECT_EQ(test::run(store().promoted(written.id, 0, 10)).error().code, Errc::not_found);
  ASSERT_TRUE(test::run(store().complete(written)));
  EXPECT_EQ(test::run(store().rows(written.id, 0, 10)).value(), list);
  EXPECT_EQ(test::run(store().promoted(written.id, 0, 10)).value(), (std::vector{list[0], list[2]}));
  EXPECT_EQ(test::run(store().promoted(written.id, 0, 1)).value(), (std::vector{list[0]}));
  EXPECT_EQ(test::run(store().promoted(written.id, 1, 10)).value(), (std::vector{list[2]}));
}

TEST_P(SnapshotStoreContract, KeepsTheNewestOfATableAndAllThatAreSealed) {
  write(snapshot("s1", "w1", 10, true));
  write(snapshot("s2", "w1", 20));
  write(snapshot("s3", "w1", 30));
  write(snapshot("s4", "w1", 40));
  write(snapshot("other", "w2", 5));
  EXPECT_EQ(test::run(store().keep_newest(snapshot("", "w1", 0).table, 2)).value(), 1U);
  EXPECT_EQ(ids({}), "s4 s3 s1 other ");
}

INSTANTIATE_TEST_SUITE_P(Adapters, SnapshotStoreContract, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

class VisibilityStoreContract : public ::testing::TestWithParam<contract::StoresAdapter> {
 protected:
  static core::StandingChange change(const char* name, bool blocked, std::int64_t version,
                                     std::optional<Timestamp> until = {}) {
    return {core::PlayerId::trusted(name), blocked, until, version, at(version * 10), "why"};
  }
  ports::VisibilityStore& store() { return fixture_->visibility(); }
  std::unique_ptr<contract::StoresFixture> fixture_ = GetParam().make();
};

TEST_P(VisibilityStoreContract, HighestVersionCountsWhateverTheOrder) {
  auto current = test::run(store().apply({change("a", false, 3), change("a", true, 2), change("b", true, 1)})).value();
  ASSERT_EQ(current.size(), 2U);
  current = test::run(store().apply({change("a", true, 1), change("b", true, 2, at(77))})).value();
  ASSERT_EQ(current.size(), 2U);
  EXPECT_FALSE(current[0].blocked) << "version 3 stands";
  fixture_->reopen();
  const auto blocked = test::run(store().blocked()).value();
  ASSERT_EQ(blocked.size(), 1U);
  EXPECT_EQ(blocked[0].player_id.str(), "b");
  EXPECT_EQ(blocked[0].until, at(77));
  EXPECT_EQ(blocked[0].version, 2);
  EXPECT_EQ(blocked[0].reason, "why");
}

TEST_P(VisibilityStoreContract, KeepsDisqualificationsForAsLongAsTheyAreInForce) {
  core::StandingChange change{.player_id = core::PlayerId::trusted("p"), .version = 1, .at = at(10), .reason = "a bot"};
  change.disqualified = {.since = at(5), .reason = "bot"};
  ASSERT_TRUE(test::run(store().apply({change})));
  fixture_->reopen();
  EXPECT_EQ(test::run(store().forget(at(1'000'000), 10)).value(), 0U);
  const auto kept = test::run(store().blocked()).value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_FALSE(kept[0].blocked);
  EXPECT_EQ(kept[0].disqualified, change.disqualified);
  change.version = 2;
  change.disqualified.reset();
  EXPECT_EQ(test::run(store().apply({change})).value().at(0).disqualified, std::nullopt);
  EXPECT_TRUE(test::run(store().blocked())->empty());
  EXPECT_EQ(test::run(store().forget(at(1'000'000), 10)).value(), 1U);
}

TEST_P(VisibilityStoreContract, ForgetsWhatIsLongOver) {
  ASSERT_TRUE(test::run(store().apply({change("lifted", false, 1), change("ended", true, 1, at(20)),
                                       change("forever", true, 1), change("recent", false, 9)})));
  EXPECT_EQ(test::run(store().forget(at(50), 1)).value(), 1U);
  EXPECT_EQ(test::run(store().forget(at(50), 10)).value(), 1U);
  EXPECT_EQ(test::run(store().blocked()).value().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Adapters, VisibilityStoreContract, ::testing::ValuesIn(contract::stores_adapters()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops
