#include "adapters/bus_local/file_read.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::bus_local {
namespace {

TEST(FileRead, GivesWhatThereIsFromTheOffsetOn) {
  const test::TempDir directory;
  const auto path = directory.path() / "file";
  std::ofstream(path) << "0123456789";
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  std::string whole(4, '-');
  EXPECT_TRUE(read_at(file, path, 3, whole));
  EXPECT_EQ(whole, "3456");
  std::string cut_off(4, '-');
  EXPECT_TRUE(read_at(file, path, 8, cut_off));
  EXPECT_EQ(cut_off, "89");
  close(file);
}

TEST(FileRead, LeavesNothingThatLooksReadWhenItCannotRead) {
  const test::TempDir directory;
  const int file = open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  std::string into(4, '-');
  const auto done = read_at(file, directory.path(), 0, into);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, core::Errc::unavailable);
  EXPECT_EQ(into, "");
  close(file);
}

}  // namespace
}  // namespace liveops::adapters::bus_local
