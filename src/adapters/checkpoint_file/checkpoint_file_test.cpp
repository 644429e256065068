#include "adapters/checkpoint_file/checkpoint_file.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::adapters {
namespace {

using Sink = ports::CheckpointStore::Sink;
using test::run;

class Checkpoints : public ::testing::Test {
 protected:
  static core::Status save(CheckpointFile& file, const std::string& text) {
    return run(file.save([text](const Sink& sink) { return sink(text); }));
  }

  test::TempDir directory_;
  std::filesystem::path path_ = directory_.path() / "below" / "it" / "checkpoint";
  CheckpointFile file_{path_};
};

TEST_F(Checkpoints, ThereIsNoneAtFirst) {
  EXPECT_EQ(file_.load().error().code, core::Errc::not_found);
}

TEST_F(Checkpoints, TheNewestIsReadBackAlsoByAnotherProcess) {
  ASSERT_TRUE(save(file_, "first"));
  ASSERT_TRUE(save(file_, std::string(1'000'000, 'x')));
  CheckpointFile again(path_);
  EXPECT_EQ(again.load().value(), std::string(1'000'000, 'x'));
}

TEST_F(Checkpoints, PiecesStandInTheirOrder) {
  ASSERT_TRUE(run(file_.save([](const Sink& sink) {
    for (const char* piece : {"a", "", "b", "c"}) {
      if (auto taken = sink(piece); !taken) return taken;
    }
    return core::Status{};
  })));
  EXPECT_EQ(file_.load().value(), "abc");
}

TEST_F(Checkpoints, AFailureLeavesTheOneBefore) {
  ASSERT_TRUE(save(file_, "before"));
  const auto failed = run(file_.save([](const Sink& sink) -> core::Status {
    if (auto taken = sink("half of"); !taken) return taken;
    return core::fail(core::Errc::corrupt, "no more");
  }));
  EXPECT_EQ(failed.error().code, core::Errc::corrupt);
  EXPECT_EQ(file_.load().value(), "before");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(path_.parent_path()), {}), 1) << "and nothing beside it";
}

TEST_F(Checkpoints, AreForTheirOwnerOnly) {
  ASSERT_TRUE(save(file_, "secret seeds"));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path_).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(Checkpoints, WhereNothingCanBeWrittenTheyAreUnavailable) {
  ASSERT_TRUE(save(file_, "a file is no directory"));
  CheckpointFile below(path_ / "checkpoint");
  EXPECT_EQ(save(below, "x").error().code, core::Errc::unavailable);
  EXPECT_EQ(below.load().error().code, core::Errc::unavailable);
  CheckpointFile directory(path_.parent_path());
  EXPECT_EQ(save(directory, "x").error().code, core::Errc::unavailable);
}

TEST_F(Checkpoints, AreWrittenOnAThreadOfTheirOwn) {
  std::thread::id writer;
  ASSERT_TRUE(run(file_.save([&writer](const Sink&) {
    writer = std::this_thread::get_id();
    return core::Status{};
  })));
  EXPECT_NE(writer, std::this_thread::get_id());
}

}  // namespace
}  // namespace liveops::adapters
