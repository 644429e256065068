#include "adapters/bus_local/message_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>
#include <sstream>

#include "adapters/bus_local/record.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::bus_local {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kAll = ~std::uint64_t{0};
constexpr std::size_t kNoBound = ~std::size_t{0};

std::string body_of(std::uint64_t offset) {
  return "message " + std::to_string(offset);
}

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// A log whose message at each offset says which it is.
class Logs : public testing::Test {
 protected:
  core::Result<std::unique_ptr<MessageLog>> try_open(std::uint64_t least_head = 0) {
    log_.reset();
    return MessageLog::open(directory_.path(), ports::Topic::events, least_head, {.file_bytes = kFileBytes});
  }
  void open(std::uint64_t least_head = 0) {
    auto opened = try_open(least_head);
    ASSERT_TRUE(opened.has_value()) << opened.error().message << opened.error().detail;
    log_ = *std::move(opened);
  }

  static SharedSegment segment(std::uint64_t first, std::size_t messages, std::size_t padding = 0,
                               const std::string& only_group = {}) {
    auto made =
        std::make_shared<Segment>(Segment{.first = first, .appended_at = {}, .only_group = only_group, .frames = {}});
    for (std::size_t i = 0; i < messages; ++i) {
      core::Envelope envelope;
      envelope.body = body_of(first + i) + std::string(padding, '.');
      EXPECT_TRUE(made->frames.add(envelope));
    }
    return made;
  }
  core::Status try_append(std::size_t messages, std::size_t padding = 0) {
    return log_->append(std::vector{segment(log_->head(), messages, padding)});
  }
  void append(std::size_t messages, std::size_t padding = 0) {
    const auto stored = try_append(messages, padding);
    ASSERT_TRUE(stored.has_value()) << stored.error().message;
  }

  /// Offsets that can be read from `offset` on; each message is looked at.
  std::vector<std::uint64_t> offsets_from(std::uint64_t offset) {
    std::vector<std::uint64_t> offsets;
    while (offset < log_->head()) {
      const auto found = log_->read(offset, kAll, kNoBound);
      EXPECT_TRUE(found.has_value()) << found.error().message << found.error().detail;
      if (!found) break;
      for (const auto& one : *found) {
        for (auto at = std::max(offset, one->first); at < one->end(); ++at) {
          EXPECT_THAT(one->frames.read(at - one->first)->body, testing::StartsWith(body_of(at)));
          offsets.push_back(at);
        }
      }
      offset = found->back()->end();
    }
    return offsets;
  }
  static std::vector<std::uint64_t> range(std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint64_t> offsets;
    for (; from < to; ++from) offsets.push_back(from);
    return offsets;
  }

  std::vector<fs::path> files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(directory_.path())) found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
  }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& path : files()) found.push_back(path.filename().string());
    return found;
  }

  static constexpr std::uint64_t kFileBytes = 64U << 10U;
  test::TempDir directory_;
  std::unique_ptr<MessageLog> log_;
};

}  // namespace

TEST_F(Logs, WhatWasAppendedIsThereAfterAReopen) {
  open();
  append(3);
  append(2);
  open();
  EXPECT_EQ(log_->head(), 5U);
  append(1);
  EXPECT_EQ(offsets_from(0), range(0, 6));
}

TEST_F(Logs, AReadBeginsWithTheSegmentThatHoldsTheMessageAndEndsAtItsBounds) {
  open();
  for (int i = 0; i < 10; ++i) append(10);
  EXPECT_EQ(log_->read(37, 37, kNoBound)->front()->first, 30U);
  EXPECT_THAT(*log_->read(37, 37, kNoBound), SizeIs(1));
  EXPECT_THAT(*log_->read(37, 50, kNoBound), SizeIs(3));
  EXPECT_THAT(*log_->read(37, kAll, 1), SizeIs(1));
  EXPECT_EQ(log_->read(100, kAll, kNoBound).error().code, Errc::corrupt);
}

TEST_F(Logs, AreReadFromAnywhereAcrossFiles) {
  open();
  for (int i = 0; i < 400; ++i) append(1, 1000);  // several marks, several files
  ASSERT_GT(files().size(), 3U);
  for (const std::uint64_t from : {0, 1, 63, 64, 65, 200, 399}) EXPECT_EQ(offsets_from(from), range(from, 400));
  open();
  for (const std::uint64_t from : {399, 200, 65, 64, 0}) EXPECT_EQ(offsets_from(from), range(from, 400));
}

TEST_F(Logs, ACommitThatWasCutShortIsLeftOutAndTheLogGoesOnThere) {
  open();
  append(3);
  const auto whole = log_->used_bytes();
  append(2, 100);
  const auto path = files().front();
  const auto text = contents(path).substr(0, log_->used_bytes());
  for (auto length = whole; length < text.size(); length += 13) {
    for (const bool filled : {false, true}) {  // with zeros, as a file system may leave it
      write(path, text.substr(0, length) + std::string(filled ? 8192 : 0, '\0'));
      open();
      EXPECT_EQ(log_->head(), 3U) << length << " bytes";
      append(1);
      open();
      EXPECT_EQ(offsets_from(0), range(0, 4)) << length << " bytes";
    }
  }
}

TEST_F(Logs, ACommitOfSeveralSegmentsMayBeBrokenInAnyOfThem) {
  open();
  append(1);
  const auto begin = log_->used_bytes();
  ASSERT_TRUE(log_->append(std::vector{segment(1, 2), segment(3, 2), segment(5, 2)}).has_value());
  const auto path = files().front();
  const auto text = contents(path);
  for (auto at = begin; at < log_->used_bytes(); at += 5) {
    auto damaged = text;
    damaged[at] = static_cast<char>(~damaged[at]);
    write(path, damaged);
    auto opened = try_open();
    ASSERT_TRUE(opened.has_value()) << "byte " << at << opened.error().detail;
    log_ = *std::move(opened);
    EXPECT_LT(log_->head(), 7U) << "byte " << at;
    EXPECT_EQ(offsets_from(0), range(0, log_->head())) << "byte " << at;
    write(path, text);
    open();
  }
}

TEST_F(Logs, DamageThatALaterCommitFollowsIsToldInsteadOfCuttingTheLog) {
  open();
  append(2);
  append(2);
  append(2);
  const auto path = files().front();
  auto text = contents(path);
  text[10] = static_cast<char>(~text[10]);
  write(path, text);
  const auto opened = try_open();
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::corrupt);
  EXPECT_THAT(opened.error().message, HasSubstr(path.string()));
}

TEST_F(Logs, DamageInAFileThatIsNotTheNewestIsToldWhenItIsRead) {
  open();
  for (int i = 0; i < 100; ++i) append(1, 1000);
  const auto path = files().front();
  auto text = contents(path);
  text[5000] = static_cast<char>(~text[5000]);
  write(path, text);
  open();
  EXPECT_EQ(log_->read(4, kAll, kNoBound).error().code, Errc::corrupt);
  EXPECT_EQ(offsets_from(5), range(5, 100));
}

TEST_F(Logs, AMissingFileIsToldWhenItsMessagesAreWanted) {
  open();
  for (int i = 0; i < 200; ++i) append(1, 1000);
  const auto all = files();
  ASSERT_GT(all.size(), 2U);
  fs::remove(all[1]);
  open();
  const auto found = log_->read(0, kAll, kNoBound);
  ASSERT_TRUE(found.has_value());
  const auto missing = found->back()->end();
  EXPECT_LT(missing, 200U);
  EXPECT_EQ(log_->read(missing, kAll, kNoBound).error().code, Errc::corrupt);
}

TEST_F(Logs, ALogThatEndsBeforeItsGroupsIsRefused) {
  open();
  append(3);
  EXPECT_EQ(try_open(4).error().code, Errc::corrupt);
  EXPECT_TRUE(try_open(3).has_value());
}

TEST_F(Logs, WithoutFilesTheLogBeginsWhereItsGroupsAre) {
  open(17);
  append(2);
  open(17);
  EXPECT_EQ(log_->oldest(), 17U);
  EXPECT_EQ(offsets_from(17), range(17, 19));
}

TEST_F(Logs, FilesThatAllHavePassedAreDroppedAndOneOfThemBecomesTheNext) {
  open();
  for (int i = 0; i < 200; ++i) append(1, 1000);
  const auto before = files().size();
  ASSERT_GE(before, 4U);
  EXPECT_EQ(log_->reclaim(log_->head(), 2), 2U);
  EXPECT_EQ(log_->reclaim(log_->head(), 100), before - 3);
  EXPECT_THAT(names(),
              ElementsAre("events-" + std::string(17, '0') + std::to_string(log_->oldest()) + ".log", "events.spare"));
  const auto kept = log_->oldest();
  while (files().size() == 2 && names().back() == "events.spare") append(1, 1000);
  EXPECT_THAT(files(), SizeIs(2));
  EXPECT_EQ(offsets_from(kept), range(kept, log_->head()));
}

TEST_F(Logs, WhatAFileHeldBeforeIsNeverTakenForItsMessages) {
  open();
  for (int i = 0; i < 70; ++i) append(1, 1000);
  ASSERT_EQ(log_->reclaim(log_->head(), 1), 1U);
  while (names().back() == "events.spare") append(1, 1000);
  for (int i = 0; i < 5; ++i) {  // the old messages still stand behind the new ones
    const auto head = log_->head();
    open();
    EXPECT_EQ(log_->head(), head);
    EXPECT_EQ(offsets_from(log_->oldest()), range(log_->oldest(), head));
    append(1, 1000);
  }
}

TEST_F(Logs, WhatAFailedCommitLeftBehindTheRecordsOfAFileIsNotReadForTheNextOne) {
  open();
  while (files().size() < 2) append(1, 1000);
  append(1, 1000);
  const auto path = files().front();
  const auto next = log_->head() - 2;  // the first message of the second file
  auto text = contents(path);
  text.resize(text.find_last_not_of('\0') + 1);
  Segment left{.first = next, .appended_at = {}, .only_group = {}, .frames = {}};
  core::Envelope envelope;
  envelope.body = "left behind";
  ASSERT_TRUE(left.frames.add(envelope));
  ASSERT_TRUE(write_record(left, next, text));
  write(path, text);
  open();
  EXPECT_EQ(offsets_from(0), range(0, log_->head()));
  EXPECT_EQ(offsets_from(next - 1), range(next - 1, log_->head()));
}

TEST_F(Logs, WhatIsKeptForLaterIsGoneAfterAReopen) {
  open();
  for (int i = 0; i < 70; ++i) append(1, 1000);
  ASSERT_EQ(log_->reclaim(log_->head(), 1), 1U);
  ASSERT_EQ(names().back(), "events.spare");
  open();
  EXPECT_NE(names().back(), "events.spare");
}

TEST_F(Logs, AllSpaceIsGivenBackWhenAllHavePassedEverything) {
  open();
  for (int i = 0; i < 70; ++i) append(1, 1000);
  log_->give_back(69);
  EXPECT_EQ(offsets_from(69), range(69, 70));
  log_->give_back(70);
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_EQ(log_->used_bytes(), 0U);
  append(1);
  EXPECT_EQ(offsets_from(70), range(70, 71));
}

TEST_F(Logs, AFileThatMayNotGrowRefusesAndLosesNothing) {
  open();
  append(1, 1000);
  // A real refusal of the kernel's: as on a full disk, part of the text may have been written.
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight{.rlim_cur = 6000, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const auto refused = try_append(10, 1000);
  const auto probed = log_->probe();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr(files().front().string()));
  EXPECT_FALSE(probed.has_value());

  EXPECT_TRUE(log_->probe().has_value());
  EXPECT_EQ(log_->head(), 1U);
  append(2, 1000);
  open();
  EXPECT_EQ(offsets_from(0), range(0, 3));
}

TEST_F(Logs, MessagesForOneGroupInTheNewestFileAreFoundAgain) {
  open();
  append(2);
  ASSERT_TRUE(log_->append(std::vector{segment(2, 1, 0, "ranking")}).has_value());
  append(1);
  open();
  EXPECT_THAT(log_->addressed(), ElementsAre(testing::Pair(2U, "ranking")));
  EXPECT_EQ(log_->read(2, 2, kNoBound)->front()->only_group, "ranking");
}

TEST_F(Logs, OtherFilesOfTheDirectoryAreLeftAlone) {
  write(directory_.path() / "events-notes.log", "mine");
  write(directory_.path() / "events-0000000000000000000x.log", "mine");
  open();
  append(1);
  open();
  EXPECT_EQ(offsets_from(0), range(0, 1));
  EXPECT_EQ(contents(directory_.path() / "events-notes.log"), "mine");
}

}  // namespace liveops::adapters::bus_local
