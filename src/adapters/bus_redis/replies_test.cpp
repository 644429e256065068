#include "adapters/bus_redis/replies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::bus_redis {

using core::Errc;
using redis::Reply;

namespace {

Reply text(std::string value) {
  return {.kind = Reply::Kind::string, .integer = 0, .text = std::move(value), .elements = {}};
}
Reply number(std::int64_t value) {
  return {.kind = Reply::Kind::integer, .integer = value, .text = {}, .elements = {}};
}
Reply array(std::vector<Reply> elements) {
  return {.kind = Reply::Kind::array, .integer = 0, .text = {}, .elements = std::move(elements)};
}
Reply entry(const std::string& id, const std::string& frame) {
  return array({text(id), array({text("e"), text(frame), text("x"), text("unknown fields are passed over")})});
}

}  // namespace

TEST(Replies, EntriesOfSeveralStreamsAreRead) {
  const auto streams = read_streams(array({array({text("s1"), array({entry("1-0", "a"), entry("1-1", "b")})}),
                                           array({text("s2"), array({entry("2-0", "c")})})}));
  ASSERT_TRUE(streams.has_value());
  ASSERT_EQ(streams->size(), 2U);
  EXPECT_EQ((*streams)[0].key, "s1");
  ASSERT_EQ((*streams)[0].entries.size(), 2U);
  EXPECT_EQ((*streams)[0].entries[1].id, (StreamId{1, 1}));
  EXPECT_EQ((*streams)[0].entries[1].frame, "b");
  EXPECT_EQ((*streams)[1].entries[0].frame, "c");
}

TEST(Replies, NothingInTimeIsNoStreams) {
  EXPECT_TRUE(read_streams(Reply{})->empty());
}

TEST(Replies, APendingEntryThatIsGoneIsMarkedSo) {
  const auto entries = read_entries(array({array({text("1-0"), Reply{}})}));
  ASSERT_TRUE(entries.has_value());
  EXPECT_TRUE(entries->at(0).deleted);
}

TEST(Replies, ALetterHasItsFields) {
  const auto entries =
      read_entries(array({array({text("1-0"), array({text("e"), text("frame"), text("g"), text("group"), text("r"),
                                                     text("why"), text("n"), text("3")})})}));
  ASSERT_TRUE(entries.has_value());
  EXPECT_EQ(entries->at(0).group, "group");
  EXPECT_EQ(entries->at(0).reason, "why");
  EXPECT_EQ(entries->at(0).attempts, 3U);
}

TEST(Replies, ClaimedEntriesComeWithTheCursorAndWhatWasDeleted) {
  const auto claimed = read_claimed(array({text("5-1"), array({entry("1-0", "a")}), array({text("2-0")})}));
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->next, (StreamId{5, 1}));
  EXPECT_EQ(claimed->entries.size(), 1U);
  EXPECT_EQ(claimed->deleted, std::vector{(StreamId{2, 0})});
}

TEST(Replies, AGroupWhoseLagIsUnknownHasNone) {
  const auto groups = read_groups(
      array({array({text("name"), text("g"), text("consumers"), number(1), text("pending"), number(2),
                    text("last-delivered-id"), text("7-1"), text("entries-read"), Reply{}, text("lag"), Reply{}}),
             array({text("name"), text("h"), text("pending"), number(0), text("last-delivered-id"), text("0-0"),
                    text("lag"), number(9)})}));
  ASSERT_TRUE(groups.has_value());
  EXPECT_EQ(groups->at(0).pending, 2U);
  EXPECT_EQ(groups->at(0).last_delivered, (StreamId{7, 1}));
  EXPECT_EQ(groups->at(0).lag, std::nullopt);
  EXPECT_EQ(groups->at(1).lag, 9U);
}

TEST(Replies, PendingIsReadInBothForms) {
  EXPECT_EQ(*read_oldest_pending(array({number(0), Reply{}, Reply{}, Reply{}})), std::nullopt);
  EXPECT_EQ(**read_oldest_pending(array({number(2), text("3-0"), text("4-0"), array({})})), (StreamId{3, 0}));
  const auto pending = read_pending(array({array({text("3-0"), text("member"), number(1000), number(4)})}));
  ASSERT_TRUE(pending.has_value());
  EXPECT_EQ(pending->at(0).deliveries, 4U);
}

TEST(Replies, AnotherShapeIsCorrupt) {
  EXPECT_EQ(read_entries(number(1)).error().code, Errc::corrupt);
  EXPECT_EQ(read_entries(array({text("1-0")})).error().code, Errc::corrupt);
  EXPECT_EQ(read_entries(array({array({text("no id"), Reply{}})})).error().code, Errc::corrupt);
  EXPECT_EQ(read_streams(array({text("s")})).error().code, Errc::corrupt);
  EXPECT_EQ(read_claimed(array({})).error().code, Errc::corrupt);
  EXPECT_EQ(read_groups(Reply{}).error().code, Errc::corrupt);
  EXPECT_EQ(read_pending(array({array({})})).error().code, Errc::corrupt);
  EXPECT_EQ(read_oldest_pending(number(1)).error().code, Errc::corrupt);
}

}  // namespace liveops::adapters::bus_redis
