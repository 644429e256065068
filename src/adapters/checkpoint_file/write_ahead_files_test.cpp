#include "adapters/checkpoint_file/write_ahead_files.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace liveops::adapters {
namespace {

class WriteAhead : public ::testing::Test {
 protected:
  std::vector<std::string> read_from(std::uint64_t first) {
    std::vector<std::string> records;
    WriteAheadFiles log(path_);
    EXPECT_TRUE(log.replay(first, [&](std::string_view record) { records.emplace_back(record); }));
    return records;
  }
  using Records = std::vector<std::string>;

  test::TempDir directory_;
  std::filesystem::path path_ = directory_.path() / "below" / "log";
  WriteAheadFiles log_{path_};
};

TEST_F(WriteAhead, HoldsNothingAtFirst) {
  EXPECT_EQ(read_from(0), Records());
}

TEST_F(WriteAhead, GivesRecordsBackInTheirOrder) {
  ASSERT_TRUE(log_.append("first"));
  ASSERT_TRUE(log_.append(""));
  ASSERT_TRUE(log_.append(std::string(1'000'000, 'x')));
  EXPECT_EQ(read_from(0), (Records{"first", "", std::string(1'000'000, 'x')}));
}

TEST_F(WriteAhead, ACheckpointNeedsOnlyWhatCameAfterIt) {
  ASSERT_TRUE(log_.append("before"));
  const std::uint64_t part = log_.begin_part().value();
  ASSERT_TRUE(log_.append("after"));
  EXPECT_EQ(read_from(0), (Records{"before", "after"})) << "as long as the checkpoint is not kept";
  EXPECT_EQ(read_from(part), Records{"after"});
  log_.drop_before(part);
  EXPECT_EQ(read_from(0), Records{"after"});
}

TEST_F(WriteAhead, AnotherProcessGoesOnInAPartOfItsOwn) {
  ASSERT_TRUE(log_.append("old"));
  WriteAheadFiles next(path_);
  ASSERT_TRUE(next.append("new"));
  ASSERT_TRUE(log_.append("still here"));
  EXPECT_EQ(read_from(0), (Records{"old", "still here", "new"}));
  EXPECT_GT(next.begin_part().value(), 2U);
}

TEST_F(WriteAhead, HalfARecordEndsItsPartOnly) {
  ASSERT_TRUE(log_.append("whole"));
  ASSERT_TRUE(log_.append("cut off"));
  ASSERT_TRUE(log_.begin_part());
  ASSERT_TRUE(log_.append("later"));
  const std::filesystem::path first = path_.string() + ".1";
  std::filesystem::resize_file(first, std::filesystem::file_size(first) - 3);
  EXPECT_EQ(read_from(0), (Records{"whole", "later"}));
}

TEST_F(WriteAhead, APartHasABound) {
  WriteAheadFiles small(path_, {.max_part_bytes = 100});
  ASSERT_TRUE(small.append(std::string(80, 'x')));
  EXPECT_EQ(small.append(std::string(80, 'y')).error().code, core::Errc::unavailable);
  ASSERT_TRUE(small.begin_part());
  EXPECT_TRUE(small.append(std::string(80, 'y')));
}

TEST_F(WriteAhead, WhatCouldNotBeWrittenIsSaidAndTheNextRecordIsWhole) {
  ASSERT_TRUE(log_.append("before"));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit full = before;
  full.rlim_cur = 40;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto refused = log_.append(std::string(1000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  ASSERT_TRUE(log_.append("after"));
  EXPECT_EQ(read_from(0), (Records{"before", "after"}));
}

TEST_F(WriteAhead, IsForItsOwnerOnly) {
  ASSERT_TRUE(log_.append("who plays when"));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_.string() + ".1").permissions(), perms::owner_read | perms::owner_write);
}

}  // namespace
}  // namespace liveops::adapters
