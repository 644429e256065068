#include "adapters/bus_local/record.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::bus_local {
namespace {

Segment segment_of(std::uint64_t first, std::size_t messages, const std::string& only_group = {}) {
  Segment segment{.first = first,
                  .appended_at = core::Timestamp(std::chrono::microseconds(1'795'000'000'000'000)),
                  .only_group = only_group,
                  .frames = {}};
  for (std::size_t i = 0; i < messages; ++i) {
    core::Envelope envelope;
    envelope.type = "progression";
    envelope.key = "player-" + std::to_string(first + i);
    envelope.body = std::string(i * 7, 'b');
    EXPECT_TRUE(segment.frames.add(envelope));
  }
  return segment;
}

std::string written(const Segment& segment, std::uint64_t commit) {
  std::string text;
  EXPECT_TRUE(write_record(segment, commit, text));
  return text;
}

}  // namespace

TEST(Record, IsReadAsItWasWritten) {
  const auto segment = segment_of(1ULL << 40U, 5, "ranking");
  const auto text = written(segment, (1ULL << 40U) - 3);
  const auto head = RecordHead::parse(text);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->commit, (1ULL << 40U) - 3);
  EXPECT_EQ(head->bytes(), text.size());
  ASSERT_TRUE(head->matches(text));
  const auto read = head->read(text);
  ASSERT_TRUE(read.has_value()) << read.error().detail;
  EXPECT_EQ(read->first, segment.first);
  EXPECT_EQ(read->appended_at, segment.appended_at);
  EXPECT_EQ(read->only_group, "ranking");
  EXPECT_EQ(read->frames.bytes, segment.frames.bytes);
  EXPECT_EQ(read->frames.ends, segment.frames.ends);
}

TEST(Record, EveryChangedBitIsSeen) {
  const auto text = written(segment_of(7, 2, "g"), 7);
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    auto changed = text;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    const auto head = RecordHead::parse(changed);
    EXPECT_FALSE(head && head->matches(changed)) << "bit " << bit;
  }
}

TEST(Record, AnythingShorterThanItIsNotTheRecord) {
  const auto text = written(segment_of(7, 2), 7);
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto part = std::string_view(text).substr(0, length);
    const auto head = RecordHead::parse(part);
    EXPECT_FALSE(head && head->matches(part)) << length << " bytes";
  }
}

TEST(Record, ANameTooLongForItsLengthIsRefusedAndNothingIsWritten) {
  std::string text = "before";
  EXPECT_FALSE(write_record(segment_of(0, 1, std::string(70'000, 'g')), 0, text));
  EXPECT_EQ(text, "before");
}

}  // namespace liveops::adapters::bus_local
