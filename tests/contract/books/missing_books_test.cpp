#include <gtest/gtest.h>

#include "adapters/postgres/pool.hpp"
#include "adapters/store_postgres/leaderboard/standing_books.hpp"
#include "adapters/store_postgres/progression/progress_books.hpp"
#include "adapters/store_sqlite/leaderboard/standing_books.hpp"
#include "adapters/store_sqlite/progression/progress_books.hpp"
#include "adapters/store_sqlite/progression/progression_database.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/postgres_server.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {
namespace {

namespace sl = adapters::store_sqlite;
namespace pg = adapters::store_postgres;
using core::Errc;

ports::Task<void> nothing(auto&) {
  co_return core::Status();
}

TEST(MissingBooks, OfNoFileAreNotFoundAndNoFileIsMade) {
  const TempDir dir;
  EXPECT_EQ(sl::progression::ProgressBooks::open(dir.path()).error().code, Errc::not_found);
  EXPECT_EQ(sl::leaderboard::StandingBooks::open(dir.path()).error().code, Errc::not_found);
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(MissingBooks, OfAFileWithoutTablesAreNotFound) {
  const TempDir dir;
  {
    const auto made = adapters::sqlite::Database::open(dir.path() / "progression.db", {}).value();
  }
  const auto opened = sl::progression::ProgressBooks::open(dir.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::not_found);
  EXPECT_NE(opened.error().message.find("liveops migrate"), std::string::npos) << opened.error().message;
}

TEST(MissingBooks, OfADatabaseWithoutTheSchemaAreNotFound) {
  SilentLog log;
  RecordingMetrics metrics;
  const auto pool =
      adapters::postgres::Pool::create({.url = shared_postgres().url(shared_postgres().make_database())}, log, metrics)
          .value();
  pg::progression::ProgressBooks progress(*pool);
  pg::leaderboard::StandingBooks standings(*pool);
  const auto first = run(progress.read([](ports::ProgressBooks::Reader& reader) { return nothing(reader); }));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, Errc::not_found);
  EXPECT_NE(first.error().message.find("liveops migrate"), std::string::npos) << first.error().message;
  const auto second = run(standings.read([](ports::StandingBooks::Reader& reader) { return nothing(reader); }));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::not_found);
}

}  // namespace
}  // namespace liveops::test
