#include "adapters/store_sqlite/gateway/idempotency_store.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::store_sqlite {
namespace {

using ports::IdempotencyState;
using std::chrono::hours;
using std::chrono::seconds;
using Entry = IdempotencyStore::Entry;
using Options = core::IdempotencyTable::Options;

constexpr core::Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

Entry entry(int n) {
  return {core::EventId::derive(core::KeyId::trusted("k"), std::to_string(n)), {7}};
}

IdempotencyState state(IdempotencyStore& store, int n, core::Timestamp now = kNow) {
  return test::run(store.begin({entry(n)}, now)).value().front();
}

std::int64_t count_rows(const test::TempDir& directory) {
  auto database = sqlite::Database::open(directory.path() / "gateway.db", {}).value();
  auto statement = database.prepare("SELECT count(*) FROM journal");
  EXPECT_TRUE(statement.step().value());
  return statement.int64(0);
}

TEST(SqliteIdempotencyStore, RemembersCompletedKeysAfterARestart) {
  const test::TempDir directory;
  {
    const auto store = IdempotencyStore::open(directory.path(), {}).value();
    ASSERT_TRUE(test::run(store->complete({entry(1), entry(2)}, kNow)));
    ASSERT_EQ(state(*store, 3), IdempotencyState::fresh);
  }
  const auto store = IdempotencyStore::open(directory.path(), {}).value();
  EXPECT_EQ(state(*store, 1), IdempotencyState::done);
  EXPECT_EQ(state(*store, 2), IdempotencyState::done);
  EXPECT_EQ(state(*store, 3), IdempotencyState::fresh) << "a reservation ends with the process";
  EXPECT_EQ(test::run(store->begin({{entry(1).id, {8}}}, kNow)).value().front(), IdempotencyState::mismatch);
  EXPECT_EQ(state(*store, 2, kNow + hours(24)), IdempotencyState::fresh) << "its age counts from its completion";
}

TEST(SqliteIdempotencyStore, KeepsAllThatWasCompletedInOneCommit) {
  const test::TempDir directory;
  const auto store = IdempotencyStore::open(directory.path(), {}).value();
  for (int n = 0; n < 200; ++n) ASSERT_TRUE(test::run(store->complete({entry(n)}, kNow)));
  EXPECT_EQ(count_rows(directory), 0) << "a request does not wait for the journal";
  ASSERT_TRUE(test::run(store->keep({{entry(200), kNow}})));
  EXPECT_EQ(count_rows(directory), 1);
  ASSERT_TRUE(test::run(store->keep({})));
  EXPECT_EQ(count_rows(directory), 1) << "nothing new, nothing written";
  const test::TempDir copy(directory.path());
  const auto after_crash = IdempotencyStore::open(copy.path(), {}).value();
  for (int n = 0; n <= 200; ++n) ASSERT_EQ(state(*after_crash, n), IdempotencyState::done) << n;
}

TEST(SqliteIdempotencyStore, HoldsWhatIsCompletedAndNotWhatIsReserved) {
  const test::TempDir directory;
  const auto store = IdempotencyStore::open(directory.path(), {}).value();
  ASSERT_TRUE(test::run(store->complete({entry(1)}, kNow)));
  ASSERT_EQ(state(*store, 2), IdempotencyState::fresh);
  EXPECT_EQ(test::run(store->holds({entry(1).id, entry(2).id, entry(3).id})).value(),
            (std::vector<bool>{true, false, false}));
}

TEST(SqliteIdempotencyStore, RefusesToCompleteMoreThanMayWaitToBeWritten) {
  const test::TempDir directory;
  const auto store = IdempotencyStore::open(directory.path(), {}).value();
  std::vector<Entry> many;
  for (std::size_t n = 0; n < IdempotencyStore::kMaxUnwritten; ++n) many.push_back(entry(static_cast<int>(n)));
  ASSERT_TRUE(test::run(store->complete(many, kNow)));
  ASSERT_EQ(state(*store, -1), IdempotencyState::fresh);
  const auto refused = test::run(store->complete({entry(-1)}, kNow));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  EXPECT_EQ(state(*store, -1), IdempotencyState::fresh) << "the reservation is given up";
  ASSERT_TRUE(test::run(store->keep({})));
  EXPECT_TRUE(test::run(store->complete({entry(-1)}, kNow)));
}

TEST(SqliteIdempotencyStore, DropsWhatIsPastItsRetention) {
  const test::TempDir directory;
  const auto store = IdempotencyStore::open(directory.path(), {.retention = hours(24)}).value();
  for (int n = 0; n < 20; ++n) ASSERT_TRUE(test::run(store->keep({{entry(n), kNow}})));
  for (int n = 20; n < 24; ++n) ASSERT_TRUE(test::run(store->keep({{entry(n), kNow + hours(25)}})));
  EXPECT_EQ(count_rows(directory), 4);
}

TEST(SqliteIdempotencyStore, KeepsNoMoreRecordsThanItsTableHasRoomFor) {
  const test::TempDir directory;
  const auto store = IdempotencyStore::open(directory.path(), {.max_keys = 64}).value();
  for (int n = 0; n < 200; ++n) ASSERT_TRUE(test::run(store->keep({{entry(n), kNow + seconds(n)}})));
  EXPECT_LE(count_rows(directory), 65);
}

TEST(SqliteIdempotencyStore, RefusesAFileThatIsNoDatabase) {
  const test::TempDir directory;
  std::ofstream(directory.path() / "gateway.db") << std::string(8192, 'x');
  const auto store = IdempotencyStore::open(directory.path(), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, core::Errc::corrupt);
}

TEST(SqliteIdempotencyStore, RefusesAJournalRowThatWasCut) {
  const test::TempDir directory;
  ASSERT_TRUE(IdempotencyStore::open(directory.path(), {}));
  {
    auto database = sqlite::Database::open(directory.path() / "gateway.db", {}).value();
    ASSERT_TRUE(database.exec("INSERT INTO journal (at, records) VALUES (0, x'0102')"));
  }
  const auto store = IdempotencyStore::open(directory.path(), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, core::Errc::corrupt);
  EXPECT_NE(store.error().message.find("gateway.db"), std::string::npos);
}

TEST(SqliteIdempotencyStore, WritesLaterWhatCouldNotBeWritten) {
  const test::TempDir directory;
  const auto store = IdempotencyStore::open(directory.path(), {}).value();
  ASSERT_TRUE(test::run(store->complete({entry(1)}, kNow)));
  auto other = sqlite::Database::open(directory.path() / "gateway.db", {}).value();
  ASSERT_TRUE(other.exec(
      "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no more room in this test'); END"));
  const auto refused = test::run(store->keep({{entry(2), kNow}}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  EXPECT_EQ(state(*store, 1), IdempotencyState::done);
  EXPECT_EQ(count_rows(directory), 0);
  ASSERT_TRUE(other.exec("DROP TRIGGER full"));
  ASSERT_TRUE(test::run(store->keep({})));
  const test::TempDir copy(directory.path());
  const auto after_crash = IdempotencyStore::open(copy.path(), {}).value();
  EXPECT_EQ(test::run(after_crash->holds({entry(1).id, entry(2).id})).value(), (std::vector<bool>{true, true}));
}

}  // namespace
}  // namespace liveops::adapters::store_sqlite
