#include "core/event_parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace liveops::core {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StrEq;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

const Timestamp kNow = *parse_rfc3339("2026-11-22T18:21:30Z");
const EventLimits kLimits;

std::expected<Event, Faults> parse(std::string_view json) {
  return parse_event(json, kNow, kLimits);
}

Faults faults_of(std::string_view json) {
  auto event = parse(json);
  return event ? Faults{} : event.error();
}

/// A progression event with this payload.
std::string progression(std::string_view payload) {
  return R"({"type":"progression","player_id":"p-42","payload":)" + std::string(payload) + "}";
}

auto at(std::string_view pointer) {
  return Field("pointer", &http::Fault::pointer, StrEq(std::string(pointer)));
}
auto at(std::string_view pointer, std::string_view detail) {
  return AllOf(at(pointer), Field("detail", &http::Fault::detail, HasSubstr(std::string(detail))));
}

TEST(EventParser, ReadsAProgressionEventWhole) {
  const auto event = parse(
      R"({"type":"progression","player_id":"p-42","occurred_at":"2026-11-22T18:21:24.123Z","seq":17,
          "payload": {"xp": 120, "score":4500 , "note":"caf\u00e9 1e5", "more":[1.50, {"a":null}]} })");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->player_id.str(), "p-42");
  EXPECT_EQ(format_rfc3339(event->occurred_at), "2026-11-22T18:21:24.123Z");
  EXPECT_TRUE(event->occurred_at_given);
  EXPECT_EQ(event->received_at, kNow);
  EXPECT_EQ(event->seq, 17);
  EXPECT_EQ(event->payload, Payload(Progression{.xp = 120, .score = 4500}));
  EXPECT_EQ(event->payload_json, R"({"xp": 120, "score":4500 , "note":"caf\u00e9 1e5", "more":[1.50, {"a":null}]})");
}

TEST(EventParser, ReadsABossKillWhosePayloadComesBeforeItsType) {
  const auto event = parse(
      R"({"payload":{"boss_id":"dragon","difficulty":"hard","duration_ms":90500,"score":7,"xp":1},"player_id":"a",)"
      R"("type":"boss_kill"})");
  ASSERT_TRUE(event);
  EXPECT_EQ(
      event->payload,
      Payload(BossKill{
          .boss_id = BossId::trusted("dragon"), .difficulty = "hard", .duration_ms = 90500, .score = 7, .xp = 1}));
}

TEST(EventParser, ReadsADropAndAnEscapedFieldName) {
  const auto event = parse(
      R"({"type":"drop_claimed","player_id":"a","\u0070ayload":{"drop_id":"d:1","item_id":"s.1","quantity":9999}})");
  ASSERT_TRUE(event);
  EXPECT_EQ(
      event->payload,
      Payload(DropClaimed{.drop_id = DropId::trusted("d:1"), .item_id = ItemId::trusted("s.1"), .quantity = 9999}));
  EXPECT_EQ(event->payload_json, R"({"drop_id":"d:1","item_id":"s.1","quantity":9999})");
}

TEST(EventParser, KeepsThePayloadAsWrittenWhereverItStands) {
  const std::string payload = R"({ "xp" : 1, "x" : "}\" , \u007d" , "payload" : { "a" : [ { } ] } })";
  const std::string rest = R"("type" : "progression" , "player_id" : "a")";
  const std::string escaped_rest = R"("\u0074ype":"progression" , "player_id":"a\u0062")";
  for (const auto& text :
       {"{\"payload\" : " + payload + " , " + rest + "}", "{" + rest + ",\"payload\":" + payload + "}",
        " { " + rest + " , \"payload\"\n:\t" + payload + " } \n",
        "{\"payload\":" + payload + " , " + escaped_rest + "}",
        "{" + escaped_rest + " , \"p\\u0061yload\" : " + payload + " } "}) {
    const auto event = parse(text);
    ASSERT_TRUE(event) << text;
    EXPECT_EQ(event->payload_json, payload);
    EXPECT_EQ(event->player_id.str(), text.contains("u0062") ? "ab" : "a");
  }
}

TEST(EventParser, TakesTheTimeOfReceiptWhereNoneIsGiven) {
  const auto event = parse(progression(R"({"xp":0})"));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->occurred_at, kNow);
  EXPECT_FALSE(event->occurred_at_given);
  EXPECT_EQ(event->seq, std::nullopt);
}

TEST(EventParser, NamesEveryFaultOfAnEventAtOnce) {
  EXPECT_THAT(faults_of(R"({"type":"boss_kill","player_id":"no spaces","occurred_at":"yesterday","seq":1.5,
                            "plyer":1,"payload":{"duration_ms":-1,"score":"9","xp":9007199254740993}})"),
              UnorderedElementsAre(
                  at("#/plyer", "unknown field"), at("#/player_id", "[A-Za-z0-9._:-]"), at("#/occurred_at", "RFC 3339"),
                  at("#/seq", "integer"), at("#/payload/boss_id", "required"), at("#/payload/duration_ms", "0 or more"),
                  at("#/payload/score", "must be an integer, not a string"), at("#/payload/xp", "2^53")));
}

TEST(EventParser, NamesWhatIsMissing) {
  EXPECT_THAT(faults_of("{}"), UnorderedElementsAre(at("#/type", "required"), at("#/player_id", "required"),
                                                    at("#/payload", "required")));
}

TEST(EventParser, TakesNumbersExactlyAsWritten) {
  EXPECT_TRUE(parse(progression(R"({"xp":9007199254740992})")));
  EXPECT_TRUE(parse(progression(R"({"xp":-0})")));
  for (const char* number : {"1.0", "1e3", "1E0", "10e-1", "0.5", "123456789012345678901.0", "1e300"}) {
    EXPECT_THAT(faults_of(progression("{\"xp\":" + std::string(number) + "}")),
                ElementsAre(at("#/payload/xp", "without fraction or exponent")))
        << number;
  }
  for (const char* number : {"9007199254740993", "-9007199254740993", "9223372036854775808", "18446744073709551616",
                             "123456789012345678901234567890"}) {
    EXPECT_THAT(faults_of(progression("{\"xp\":" + std::string(number) + "}")), ElementsAre(at("#/payload/xp", "2^53")))
        << number;
  }
}

TEST(EventParser, RefusesWrongTypesByName) {
  EXPECT_THAT(faults_of(progression(R"({"xp":null})")), ElementsAre(at("#/payload/xp", "not null")));
  EXPECT_THAT(faults_of(progression(R"({"xp":[1]})")), ElementsAre(at("#/payload/xp", "not an array")));
  EXPECT_THAT(faults_of(progression(R"({"xp":{"xp":1}})")), ElementsAre(at("#/payload/xp", "not an object")));
  EXPECT_THAT(faults_of(progression("[]")), ElementsAre(at("#/payload", "must be an object, not an array")));
  EXPECT_THAT(faults_of(R"({"type":true,"player_id":7,"payload":{}})"),
              UnorderedElementsAre(at("#/type", "not a boolean"), at("#/player_id", "not a number")));
  EXPECT_THAT(faults_of(R"({"type":"login","player_id":"p","payload":{}})"), ElementsAre(at("#/type", "boss_kill")));
}

TEST(EventParser, HoldsNamesAndQuantitiesToTheirBounds) {
  const auto drop = [](std::string_view id, std::string_view quantity) {
    return R"({"type":"drop_claimed","player_id":"p","payload":{"drop_id":")" + std::string(id) +
           R"(","item_id":"i","quantity":)" + std::string(quantity) + "}}";
  };
  EXPECT_TRUE(parse(drop(std::string(64, 'x'), "1")));
  EXPECT_THAT(faults_of(drop(std::string(65, 'x'), "1")), ElementsAre(at("#/payload/drop_id")));
  EXPECT_THAT(faults_of(drop("", "0")),
              UnorderedElementsAre(at("#/payload/drop_id"), at("#/payload/quantity", "from 1 to 9999")));
  EXPECT_THAT(faults_of(drop("d", "10000")), ElementsAre(at("#/payload/quantity", "from 1 to 9999")));
}

TEST(EventParser, HoldsTimesToTheirBounds) {
  const auto event_at = [](Timestamp time) {
    return parse(R"({"type":"progression","player_id":"p","occurred_at":")" + format_rfc3339(time) +
                 R"(","payload":{"xp":1}})");
  };
  EXPECT_TRUE(event_at(kNow + 300s));
  EXPECT_TRUE(event_at(kNow - 168h));
  EXPECT_THAT(event_at(kNow + 300s + 1us).error(), ElementsAre(at("#/occurred_at", "ahead")));
  EXPECT_THAT(event_at(kNow - 168h - 1us).error(), ElementsAre(at("#/occurred_at", "before")));
}

TEST(EventParser, NamesDuplicateKeysAtAnyDepth) {
  EXPECT_THAT(faults_of(R"({"type":"progression","player_id":"p","player_id":"q","payload":{"xp":1}})"),
              ElementsAre(at("#/player_id", "more than once")));
  EXPECT_THAT(faults_of(progression(R"({"xp":1,"a/b":[0,{"~c":{"k":1,"x":2,"\u006b":3,"k":4}}]})")),
              ElementsAre(at("#/payload/a~1b/1/~0c/k", "more than once")));
  std::string many = "{\"xp\":1";
  for (int i = 0; i < 40; ++i) many += ",\"f" + std::to_string(i % 39) + "\":0";
  EXPECT_THAT(faults_of(progression(many + "}")), ElementsAre(at("#/payload/f0", "more than once")));
}

TEST(EventParser, EscapesPointersForTheFragmentForm) {
  EXPECT_THAT(faults_of(R"({"type":"progression","player_id":"p","payload":{"xp":1},"a b/\u00e9~%":1})"),
              ElementsAre(at("#/a%20b~1%C3%A9~0%25", "unknown")));
}

TEST(EventParser, AnswersBrokenJsonWithOneFaultAndItsByte) {
  EXPECT_THAT(faults_of(R"({"type":})"), ElementsAre(at("#", "byte 8")));
  EXPECT_THAT(faults_of(R"({"nope":1,)"), ElementsAre(at("#", "not valid JSON")));
  EXPECT_THAT(faults_of(progression(R"({"xp":1})") + "x"), ElementsAre(at("#", "after the end")));
  EXPECT_THAT(faults_of(progression(R"({"xp":01})")), ElementsAre(at("#", "not valid JSON")));
  EXPECT_THAT(faults_of(progression("{\"xp\":1,\"a\":\"\xff\"}")), ElementsAre(at("#", "UTF-8")));
  EXPECT_THAT(faults_of(progression("{\"xp\":1,\"\xc0\xaf\":0}")), ElementsAre(at("#", "UTF-8")));
  EXPECT_THAT(faults_of(progression(R"({"xp":1,"a":"\ud800\u0041"})")), ElementsAre(at("#", "surrogate")));
  EXPECT_THAT(faults_of(progression("{\"xp\":1,\"a\":\"\n\"}")), ElementsAre(at("#", "not valid JSON")));
  EXPECT_THAT(faults_of("  "), ElementsAre(at("#", "empty")));
  EXPECT_THAT(faults_of("[1]"), ElementsAre(at("#", "object")));
  EXPECT_THAT(faults_of("12"), ElementsAre(at("#", "object")));
}

TEST(EventParser, BoundsDepthAndSize) {
  const auto nested = [](std::size_t arrays) {
    return progression("{\"xp\":1,\"a\":" + std::string(arrays, '[') + std::string(arrays, ']') + "}");
  };
  EXPECT_TRUE(parse(nested(14)));  // the event and its payload are two levels more
  EXPECT_THAT(faults_of(nested(15)), ElementsAre(at("#", "deeper than 16")));
  EXPECT_THAT(faults_of(nested(10'000)), ElementsAre(at("#", "deeper than 16")));
  EXPECT_THAT(faults_of(progression("{\"xp\":1,\"a\":\"" + std::string(32'768, 'a') + "\"}")),
              ElementsAre(at("#", "larger than 32768")));
}

TEST(EventParser, BoundsTheAnswerToHostileBodies) {
  std::string body = "{";
  for (int i = 0; i < 500; ++i) body += "\"k" + std::to_string(i) + "\":0,";
  const auto faults = faults_of(body + "\"" + std::string(20'000, '/') + "\":0}");
  ASSERT_THAT(faults, SizeIs(65));
  EXPECT_THAT(faults.back(), at("#", "more faults"));
  const auto long_name = faults_of("{\"" + std::string(20'000, '/') + "\":0}");
  EXPECT_THAT(long_name.front(), at("#", "unknown field"));
}

TEST(EventParser, PutsFaultsUnderThePrefix) {
  const auto event = parse_event(progression("{}"), kNow, kLimits, "#/3");
  EXPECT_THAT(event.error(), ElementsAre(at("#/3/payload/xp", "required")));
}

TEST(IdempotencyKey, IsTakenBareOrQuoted) {
  EXPECT_EQ(*parse_idempotency_key(" 8e03978e-40d5 "), "8e03978e-40d5");
  EXPECT_EQ(*parse_idempotency_key(R"("8e03978e-40d5")"), "8e03978e-40d5");
  EXPECT_EQ(*parse_idempotency_key(R"("a \"b\" \\c")"), R"(a "b" \c)");
  EXPECT_EQ(parse_idempotency_key(std::string(255, 'k'))->size(), 255U);
}

TEST(IdempotencyKey, IsRefusedWhenEmptyLongOrUnprintable) {
  for (const std::string& bad :
       {std::string(), std::string(R"("")"), std::string(256, 'k'), std::string("a\x01"), std::string("\xc3\xa9"),
        std::string("\"open"), std::string(R"("a"b)"), std::string(R"("a\)"), std::string(R"("\n")")}) {
    const auto key = parse_idempotency_key(bad);
    ASSERT_FALSE(key) << bad;
    EXPECT_EQ(key.error().code, Errc::invalid_argument);
  }
}

}  // namespace
}  // namespace liveops::core
