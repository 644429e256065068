#include "adapters/sqlite/database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>
#include <fstream>

#include "adapters/sqlite/migrations.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::sqlite {
namespace {

using core::Errc;

class DatabaseTest : public ::testing::Test {
 protected:
  Database open() { return Database::open(dir_.path() / "t.db", {}).value(); }
  test::TempDir dir_;
};

TEST_F(DatabaseTest, KeepsWhatWasCommitted) {
  {
    auto database = open();
    ASSERT_TRUE(database.exec("CREATE TABLE t(k TEXT, b BLOB, i INTEGER)"));
    auto transaction = Transaction::begin(database).value();
    auto insert = database.prepare("INSERT INTO t VALUES(?,?,?)");
    ASSERT_TRUE(insert.bind_text(1, "key").bind_blob(2, std::string_view("\0x", 2)).bind(3, std::int64_t{7}).run());
    ASSERT_TRUE(transaction.commit());
  }
  auto database = open();
  auto query = database.prepare("SELECT k, b, i FROM t");
  ASSERT_TRUE(query.step().value());
  EXPECT_EQ(query.text(0), "key");
  EXPECT_EQ(query.blob(1), std::string_view("\0x", 2));
  EXPECT_EQ(query.int64(2), 7);
  EXPECT_FALSE(query.step().value());
}

TEST_F(DatabaseTest, TransactionWithoutCommitLeavesNothing) {
  auto database = open();
  ASSERT_TRUE(database.exec("CREATE TABLE t(i INTEGER)"));
  {
    auto transaction = Transaction::begin(database).value();
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES(1)"));
  }
  auto query = database.prepare("SELECT count(*) FROM t");
  ASSERT_TRUE(query.step().value());
  EXPECT_EQ(query.int64(0), 0);
}

TEST_F(DatabaseTest, FullDiskIsUnavailableAndNothingIsHalfDone) {
  auto database = open();
  ASSERT_TRUE(database.exec("CREATE TABLE t(b BLOB)"));
  database.limit_pages(8);
  auto insert = database.prepare("INSERT INTO t VALUES(?)");
  const auto full = insert.bind_blob(1, std::string(100'000, 'x')).run();
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::unavailable);
  EXPECT_NE(full.error().message.find("no space left"), std::string::npos);
  insert.reset();
  auto query = database.prepare("SELECT count(*) FROM t");
  ASSERT_TRUE(query.step().value());
  EXPECT_EQ(query.int64(0), 0);
}

TEST_F(DatabaseTest, FileThatIsNoDatabaseIsNamedAsCorrupt) {
  std::ofstream(dir_.path() / "t.db") << std::string(5000, 'j');
  const auto opened = Database::open(dir_.path() / "t.db", {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_NE(opened.error().message.find("t.db"), std::string::npos);
}

TEST_F(DatabaseTest, MissingDirectoryIsUnavailable) {
  EXPECT_EQ(Database::open(dir_.path() / "no" / "t.db", {}).error().code, Errc::unavailable);
}

TEST_F(DatabaseTest, MigrationsRunOnceInOrder) {
  constexpr std::array kFirst{Migration{1, "CREATE TABLE t(i INTEGER); INSERT INTO t VALUES(1)"}};
  constexpr std::array kBoth{kFirst[0], Migration{2, "UPDATE t SET i = i + 1"}};
  auto database = open();
  ASSERT_TRUE(migrate(database, kFirst));
  ASSERT_TRUE(migrate(database, kBoth));
  ASSERT_TRUE(migrate(database, kBoth));
  auto query = database.prepare("SELECT i FROM t");
  ASSERT_TRUE(query.step().value());
  EXPECT_EQ(query.int64(0), 2);
}

TEST_F(DatabaseTest, SchemaOfANewerReleaseIsRefusedAndLeftAlone) {
  constexpr std::array kNone{Migration{1, "CREATE TABLE t(i INTEGER)"}};
  auto database = open();
  ASSERT_TRUE(database.exec("PRAGMA user_version=9"));
  const auto refused = migrate(database, kNone);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::conflict);
}

struct Mapping {
  int code;
  Errc errc;
};
class ErrorTable : public ::testing::TestWithParam<Mapping> {};
TEST_P(ErrorTable, MapsToTheCallersNextStep) {
  EXPECT_EQ(map_error(GetParam().code, "f.db", "text").code, GetParam().errc);
}
INSTANTIATE_TEST_SUITE_P(
    Sqlite, ErrorTable,
    ::testing::Values(Mapping{SQLITE_BUSY, Errc::unavailable}, Mapping{SQLITE_LOCKED, Errc::unavailable},
                      Mapping{SQLITE_FULL, Errc::unavailable}, Mapping{SQLITE_IOERR, Errc::unavailable},
                      Mapping{SQLITE_IOERR_FSYNC, Errc::unavailable}, Mapping{SQLITE_CANTOPEN, Errc::unavailable},
                      Mapping{SQLITE_READONLY, Errc::unavailable}, Mapping{SQLITE_NOMEM, Errc::unavailable},
                      Mapping{SQLITE_CORRUPT, Errc::corrupt}, Mapping{SQLITE_NOTADB, Errc::corrupt},
                      Mapping{SQLITE_CONSTRAINT, Errc::conflict}, Mapping{SQLITE_CONSTRAINT_PRIMARYKEY, Errc::conflict},
                      Mapping{SQLITE_TOOBIG, Errc::invalid_argument}, Mapping{SQLITE_MISUSE, Errc::internal}));

}  // namespace
}  // namespace liveops::adapters::sqlite
