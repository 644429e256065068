#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "core/event_parser.hpp"

namespace liveops::core {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Timestamp kNow = *parse_rfc3339("2026-11-22T18:21:30Z");
const EventLimits kLimits;
constexpr std::size_t kMaxItems = 1000;

auto parse(std::string_view body, bool ndjson, std::size_t max_items = kMaxItems) {
  return parse_batch(body, ndjson, max_items, kNow, kLimits);
}

std::string item(std::string_view key, std::string_view payload = R"({"xp":1})") {
  return R"({"idempotency_key":")" + std::string(key) + R"(","type":"progression","player_id":"p","payload":)" +
         std::string(payload) + "}";
}

std::string outer_detail(std::string_view body, bool ndjson = false, std::size_t max_items = kMaxItems) {
  const auto batch = parse(body, ndjson, max_items);
  return batch ? "accepted" : batch.error().front().pointer + " " + batch.error().front().detail;
}

TEST(EventBatch, ReadsArraysAndLinesAlike) {
  const auto array = parse(" [ " + item("a") + " ,\n" + item("b") + "\t] ", false);
  const auto lines = parse("\n" + item("a") + "\r\n \n" + item("b"), true);
  for (const auto* batch : {&array, &lines}) {
    ASSERT_TRUE(*batch);
    ASSERT_THAT(**batch, SizeIs(2));
    EXPECT_EQ((**batch)[0].idempotency_key, "a");
    EXPECT_EQ((**batch)[1].idempotency_key, "b");
    EXPECT_TRUE((**batch)[1].event);
    EXPECT_EQ((**batch)[1].event->payload_json, R"({"xp":1})");
  }
}

TEST(EventBatch, MayBeEmpty) {
  EXPECT_THAT(*parse("[]", false), IsEmpty());
  EXPECT_THAT(*parse(" [ ] ", false), IsEmpty());
  EXPECT_THAT(*parse("\n\n", true), IsEmpty());
}

TEST(EventBatch, KeepsAFaultWithItsItem) {
  const std::string deep = item("d", R"({"xp":1,"s":"]}","a":)" + std::string(30, '[') + std::string(30, ']') + "}");
  const std::string large = item("l", R"({"xp":1,"a":")" + std::string(40'000, 'a') + "\"}");
  const auto batch =
      parse("[" + item("a") + ",7," + item("", "{}") + "," + deep + "," + large + "," + item("z") + "]", false);
  ASSERT_TRUE(batch);
  ASSERT_THAT(*batch, SizeIs(6));
  EXPECT_TRUE((*batch)[0].event);
  EXPECT_THAT((*batch)[1].event.error(), ElementsAre(http::Fault{"#/1", "must be a JSON object"}));
  EXPECT_THAT((*batch)[2].event.error(), SizeIs(2));
  EXPECT_EQ((*batch)[2].idempotency_key, "");
  EXPECT_THAT((*batch)[3].event.error(), ElementsAre(Field(&http::Fault::detail, HasSubstr("deeper than 16"))));
  EXPECT_THAT((*batch)[4].event.error(), ElementsAre(Field(&http::Fault::detail, HasSubstr("larger than 32768"))));
  EXPECT_TRUE((*batch)[5].event);
}

TEST(EventBatch, NeedsAnIdempotencyKeyInEachItem) {
  const auto batch = parse(R"([{"type":"progression","player_id":"p","payload":{"xp":1}}])", false);
  EXPECT_THAT((*batch)[0].event.error(), ElementsAre(http::Fault{"#/0/idempotency_key", "is required"}));
}

TEST(EventBatch, LeavesGoodLinesAloneWhenOthersAreBroken) {
  const auto batch = parse(item("a") + "\n{\"type\":\n" + item("b") + item("c") + "\n" + item("d"), true);
  ASSERT_TRUE(batch);
  ASSERT_THAT(*batch, SizeIs(4));
  EXPECT_TRUE((*batch)[0].event);
  EXPECT_EQ((*batch)[1].event.error().front().pointer, "#/1");
  EXPECT_THAT((*batch)[2].event.error().front().detail, HasSubstr("after the end"));
  EXPECT_TRUE((*batch)[3].event);
}

TEST(EventBatch, RefusesWhatCannotBeSplit) {
  EXPECT_THAT(outer_detail(""), HasSubstr("starts with '['"));
  EXPECT_THAT(outer_detail(item("a")), HasSubstr("starts with '['"));
  EXPECT_THAT(outer_detail("["), HasSubstr("byte 1"));
  EXPECT_THAT(outer_detail("[" + item("a")), HasSubstr("too early"));
  EXPECT_THAT(outer_detail("[" + item("a") + "," + "]"), HasSubstr("# is not a JSON array"));
  EXPECT_THAT(outer_detail("[" + item("a") + " " + item("b") + "]"), HasSubstr("',' or ']'"));
  EXPECT_THAT(outer_detail("[" + item("a") + "]x"), HasSubstr("after the end of the array"));
  EXPECT_THAT(outer_detail("[{\"a\":nul}]"), HasSubstr("byte 6"));
  EXPECT_THAT(outer_detail("[" + std::string(100'000, '[')), HasSubstr("too early"));
}

TEST(EventBatch, RefusesMoreItemsThanAllowed) {
  EXPECT_EQ(outer_detail("[" + item("a") + "," + item("b") + "]", false, 2), "accepted");
  EXPECT_THAT(outer_detail("[" + item("a") + "," + item("b") + "]", false, 1), HasSubstr("more than 1 events"));
  EXPECT_THAT(outer_detail(item("a") + "\n" + item("b"), true, 1), HasSubstr("more than 1 events"));
}

/// Pieces of events, good and bad, that are JSON all the same.
std::string any_event() {
  const auto type =
      *rc::gen::element<std::string>(R"("progression")", R"("boss_kill")", R"("drop_claimed")", R"("other")", "1");
  const auto player = *rc::gen::element<std::string>(R"("p-1")", R"("bad id")", "null");
  const auto payload = *rc::gen::element<std::string>(
      R"({"xp":5})", R"({ "xp" : -1 })", R"({"xp":1.0,"x":{"y":1,"y":2}})", R"({"boss_id":"b","score":9})",
      R"({"drop_id":"d","item_id":"i","quantity":2})", "[]", R"([[[[[[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]]]]])");
  const auto extra =
      *rc::gen::element<std::string>("", R"(,"seq":3)", R"(,"seq":"3")", R"(,"nope":[])", R"(,"type":"progression")");
  return R"("type":)" + type + R"(,"player_id":)" + player + R"(,"payload":)" + payload + extra + "}";
}

void expect_same(const std::expected<Event, Faults>& single, const std::expected<Event, Faults>& batched) {
  RC_ASSERT(single.has_value() == batched.has_value());
  if (!single) {
    RC_ASSERT(single.error() == batched.error());
    return;
  }
  RC_ASSERT(single->payload == batched->payload);
  RC_ASSERT(single->payload_json == batched->payload_json);
  RC_ASSERT(single->player_id == batched->player_id);
  RC_ASSERT(single->occurred_at == batched->occurred_at);
  RC_ASSERT(single->seq == batched->seq);
}

TEST(EventBatch, GivesWhatSinglesGive) {
  EXPECT_TRUE(rc::check([] {
    std::vector<std::string> events(*rc::gen::inRange<std::size_t>(0, 8));
    for (auto& event : events) event = any_event();
    std::string array = "[";
    std::string lines;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const std::string line = "{\"idempotency_key\":\"k\"," + events[i];
      array += (i == 0 ? "" : ",") + line;
      lines += line + "\n";
    }
    const auto from_array = parse(array + "]", false);
    const auto from_lines = parse(lines, true);
    RC_ASSERT(from_array.has_value());
    RC_ASSERT(from_lines.has_value());
    RC_ASSERT(from_array->size() == events.size());
    RC_ASSERT(from_lines->size() == events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto single = parse_event("{" + events[i], kNow, kLimits, "#/" + std::to_string(i));
      expect_same(single, (*from_array)[i].event);
      expect_same(single, (*from_lines)[i].event);
    }
  }));
}

}  // namespace
}  // namespace liveops::core
