#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <random>

#include "tests/contract/leaderboard/postgres_stores.hpp"
#include "tests/support/run_task.hpp"

/// What several processes do to one database at once.
namespace liveops {
namespace {

using contract::PostgresStores;
using core::BoardOperator;
using core::BoardOrder;
using core::Errc;
using core::Timestamp;
using ports::StandingBatch;

Timestamp at(std::int64_t us) {
  return Timestamp(std::chrono::microseconds(us));
}

core::EventId event_number(int number) {
  core::EventId::Bytes bytes{};
  bytes[0] = static_cast<std::uint8_t>(number * 37);  // not in the order of the numbers
  bytes[14] = static_cast<std::uint8_t>(number >> 8);
  bytes[15] = static_cast<std::uint8_t>(number);
  return core::EventId(bytes);
}

ports::StandingsSpec table(const char* board, BoardOperator op, BoardOrder order = BoardOrder::highest) {
  return {{core::BoardId::trusted(board), core::Window::daily, "d1"}, {op, order, 1'000'000}, at(0), at(1'000'000)};
}

std::vector<ports::StandingsSpec> tables() {
  return {table("sum", BoardOperator::sum), table("last", BoardOperator::last),
          table("least", BoardOperator::best, BoardOrder::lowest)};
}

/// Events number `numbers`, each for all of `tables`; what each brings follows from its number.
StandingBatch batch_of(const std::vector<int>& numbers, const std::vector<ports::StandingsSpec>& specs) {
  StandingBatch batch{specs, {}, {}, at(5)};
  for (const int number : numbers) {
    const auto event = static_cast<std::uint32_t>(batch.events.size());
    for (std::uint32_t i = 0; i < specs.size(); ++i) {
      batch.contributions.push_back({event, i, 1 + number * 7919 % 1000, at(number % 5), std::nullopt});
    }
    batch.events.push_back({event_number(number), core::PlayerId::trusted("p" + std::to_string(number % 23))});
  }
  return batch;
}

std::vector<int> numbers_to(int end) {
  std::vector<int> numbers;
  for (int i = 0; i < end; ++i) numbers.push_back(i);
  return numbers;
}

using Content = std::map<std::string, std::pair<std::int64_t, Timestamp>>;

Content content(PostgresStores& stores) {
  Content rows;
  for (const auto& row : test::run(stores.standings().scan("", 100'000)).value()) {
    rows[row.table.board.str() + "/" + row.standing.player.str()] = {row.standing.score, row.standing.achieved_at};
  }
  return rows;
}

std::vector<ports::SnapshotRow> snapshot_rows(std::uint64_t from, std::uint64_t to) {
  std::vector<ports::SnapshotRow> rows;
  for (std::uint64_t rank = from; rank <= to; ++rank) {
    rows.push_back({rank, core::PlayerId::trusted("p" + std::to_string(rank)), 1, at(1)});
  }
  return rows;
}

TEST(Replicas, OverlappingBatchesInParallelCountEveryEventOnce) {
  constexpr int kEvents = 600;
  constexpr unsigned kAppliers = 4;
  PostgresStores one;
  PostgresStores other(one.database());
  const auto apply_all = [&](unsigned seed) {
    std::mt19937 random(seed);
    auto numbers = numbers_to(kEvents);
    std::ranges::shuffle(numbers, random);
    std::uint64_t duplicates = 0;
    for (auto from = numbers.begin(); from != numbers.end();) {
      const auto size = std::min<std::ptrdiff_t>(1 + random() % 90, numbers.end() - from);
      auto batch = batch_of({from, from + size}, tables());
      std::ranges::shuffle(batch.tables, random);  // no order of the caller's may matter to who waits for whom
      batch.contributions = batch_of({from, from + size}, batch.tables).contributions;
      duplicates += test::run((seed % 2 == 0 ? one : other).standings().apply(std::move(batch))).value().duplicates;
      from += size;
    }
    return duplicates;
  };
  std::vector<std::future<std::uint64_t>> appliers;
  for (unsigned i = 0; i < kAppliers; ++i) appliers.push_back(std::async(std::launch::async, apply_all, i));
  std::uint64_t duplicates = 0;
  for (auto& applier : appliers) duplicates += applier.get();
  EXPECT_EQ(duplicates, (kAppliers - 1) * kEvents);
  PostgresStores reference;
  ASSERT_TRUE(test::run(reference.standings().apply(batch_of(numbers_to(kEvents), tables()))));
  EXPECT_EQ(content(one), content(reference));
}

TEST(Replicas, NothingIsAddedOnceSealingHasBegunWhoeverIsApplying) {
  constexpr int kEvents = 800;
  PostgresStores one;
  PostgresStores other(one.database());
  const std::vector specs{table("sum", BoardOperator::sum)};
  ASSERT_TRUE(test::run(one.standings().apply(batch_of({kEvents}, specs))));
  std::atomic<int> batches = 0;
  const auto apply_part = [&](PostgresStores& stores, int part) {
    std::uint64_t late = 0;
    for (int number = part; number < kEvents; number += 2) {
      late += test::run(stores.standings().apply(batch_of({number}, specs))).value().late;
      ++batches;
      batches.notify_all();
    }
    return late;
  };
  auto first = std::async(std::launch::async, apply_part, std::ref(one), 0);
  auto second = std::async(std::launch::async, apply_part, std::ref(other), 1);
  for (int seen = batches; seen < 20; seen = batches) batches.wait(seen);
  ASSERT_TRUE(test::run(one.standings().begin_seal(specs[0].id, at(9))));
  const auto when_begun = content(other);
  EXPECT_GT(first.get() + second.get(), 0U);
  EXPECT_EQ(content(other), when_begun);
}

TEST(Replicas, TwoMayMakeTheSchemaAtOnce) {
  PostgresStores one;
  one.execute("DROP SCHEMA leaderboard CASCADE");
  auto first = std::async(std::launch::async, [&] { return std::make_unique<PostgresStores>(one.database()); });
  auto second = std::async(std::launch::async, [&] { return std::make_unique<PostgresStores>(one.database()); });
  EXPECT_TRUE(test::run(first.get()->standings().tables(true)).value().empty());
  EXPECT_TRUE(test::run(second.get()->standings().tables(true)).value().empty());
}

TEST(Replicas, SnapshotIsOfTheWriterThatBeganLast) {
  PostgresStores one;
  PostgresStores other(one.database());
  ports::Snapshot snapshot;
  snapshot.id = "s";
  snapshot.table = table("b", BoardOperator::sum).id;
  snapshot.rows = 3;
  ASSERT_TRUE(test::run(one.snapshots().begin("s")));
  ASSERT_TRUE(test::run(one.snapshots().append("s", snapshot_rows(1, 2))));
  ASSERT_TRUE(test::run(other.snapshots().begin("s")));
  EXPECT_EQ(test::run(one.snapshots().append("s", snapshot_rows(3, 3))).error().code, Errc::conflict);
  EXPECT_EQ(test::run(one.snapshots().complete(snapshot)).error().code, Errc::conflict);
  ASSERT_TRUE(test::run(other.snapshots().append("s", snapshot_rows(1, 3))));
  ASSERT_TRUE(test::run(other.snapshots().complete(snapshot)));
  EXPECT_EQ(test::run(one.snapshots().begin("s")).error().code, Errc::conflict);
  EXPECT_EQ(test::run(one.snapshots().rows("s", 0, 10)).value(), snapshot_rows(1, 3));
  EXPECT_EQ(one.execute("SELECT count(*) FROM leaderboard.snapshot_rows").front(), "3") << "what was given up is gone";
  EXPECT_EQ(one.execute("SELECT count(*) FROM leaderboard.snapshots").front(), "1");
}

class RankedByTwo : public ::testing::Test {
 protected:
  RankedByTwo() {
    test::run(one_.standings().apply(batch_of(numbers_to(50), specs_))).value();
    test::run(one_.standings().begin_seal(id_, at(9))).value();
  }
  std::unique_ptr<ports::RankedRows> ranked(PostgresStores& stores, std::int64_t tie_step_us = 1) {
    return test::run(stores.standings().ranked(id_, {BoardOrder::highest, at(0), tie_step_us})).value();
  }
  static std::size_t count(ports::RankedRows& rows) {
    std::size_t all = 0;
    while (true) {
      const auto next = test::run(rows.next(7)).value();
      if (next.empty()) return all;
      all += next.size();
    }
  }
  std::string rankings() {
    return one_.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'ranking\\_%'")[0];
  }

  const std::vector<ports::StandingsSpec> specs_{table("sum", BoardOperator::sum)};
  const core::StandingsId id_ = specs_[0].id;
  PostgresStores one_;
  PostgresStores other_{one_.database()};
};

TEST_F(RankedByTwo, BothReadTheSameRowsUntilOneHasFinished) {
  auto mine = ranked(one_);
  auto theirs = ranked(other_);
  EXPECT_EQ(rankings(), "1") << "sorted once";
  EXPECT_EQ(test::run(mine->next(7)).value(), test::run(theirs->next(7)).value());
  EXPECT_EQ(count(*theirs), 16U);
  ASSERT_TRUE(test::run(other_.standings().finish_seal(id_)));
  EXPECT_EQ(rankings(), "0");
  EXPECT_EQ(test::run(mine->next(7)).error().code, Errc::unavailable);
  EXPECT_EQ(test::run(one_.standings().ranked(id_, {})).error().code, Errc::conflict);
}

TEST_F(RankedByTwo, RowsThatACrashOfTheServerEmptiedAreSortedAgain) {
  auto rows = ranked(one_);
  ASSERT_TRUE(test::run(rows->next(7)));
  const auto name = one_.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'ranking\\_%'").front();
  one_.execute("TRUNCATE leaderboard." + name);  // what becomes of an unlogged table
  EXPECT_EQ(test::run(rows->next(7)).error().code, Errc::unavailable);
  EXPECT_EQ(count(*ranked(other_)), 23U);
}

TEST_F(RankedByTwo, OtherRulesOfRankingGiveRowsOfTheirOwn) {
  auto before = ranked(one_, 1);
  ASSERT_TRUE(test::run(before->next(7)));
  EXPECT_EQ(count(*ranked(other_, 1000)), 23U);
  EXPECT_EQ(test::run(before->next(7)).error().code, Errc::unavailable) << "never rows of two orders in one snapshot";
  EXPECT_EQ(rankings(), "1");
}

}  // namespace
}  // namespace liveops
