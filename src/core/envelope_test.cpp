#include "core/envelope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace liveops::core {
namespace {

using std::chrono::microseconds;
using ::testing::HasSubstr;

Event sample() {
  Event event;
  event.key_id = KeyId::trusted("default");
  event.id = EventId::derive(event.key_id, "one");
  event.player_id = PlayerId::trusted("p-42");
  event.occurred_at = *parse_rfc3339("2026-11-22T18:21:24.123Z");
  event.received_at = *parse_rfc3339("2026-11-22T18:21:25Z");
  event.occurred_at_given = true;
  event.seq = 17;
  event.payload = Progression{.xp = 120, .score = 4500};
  event.payload_json = R"({"xp":120,"score":4500,"own":[1.50]})";
  event.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  return event;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(EventEnvelope, SpellsOutTheEvent) {
  const Envelope envelope = encode_event(sample());
  EXPECT_EQ(envelope.type, "progression");
  EXPECT_EQ(envelope.key, "p-42");
  EXPECT_EQ(envelope.traceparent, sample().traceparent);
  EXPECT_EQ(envelope.body, R"({"v":1,"event_id":")" + sample().id.str() +
                               R"(","key_id":"default","type":"progression","player_id":"p-42",)"
                               R"("occurred_at":"2026-11-22T18:21:24.123Z","received_at":"2026-11-22T18:21:25Z",)"
                               R"("seq":17,"payload":{"xp":120,"score":4500,"own":[1.50]}})");
}

TEST(EventEnvelope, SaysWhenTheClientGaveNoTime) {
  Event event = sample();
  event.occurred_at_given = false;
  const Envelope envelope = encode_event(event);
  EXPECT_THAT(envelope.body, HasSubstr(R"(Z","occurred_at_given":false,"seq":17)"));
  EXPECT_FALSE(decode_event(envelope)->occurred_at_given);
  EXPECT_TRUE(decode_event(encode_event(sample()))->occurred_at_given);
  Envelope other = envelope;
  other.body = replaced(envelope.body, "false", "0");
  EXPECT_THAT(decode_event(other).error().detail, HasSubstr("#/occurred_at_given"));
}

TEST(EventEnvelope, RefusesWhatIsNotItsOwnWireForm) {
  const Envelope good = encode_event(sample());
  ASSERT_TRUE(decode_event(good));
  for (std::size_t size = 0; size < good.body.size(); ++size) {
    Envelope cut = good;
    cut.body.resize(size);
    EXPECT_EQ(decode_event(cut).error().code, Errc::corrupt) << size;
  }
  using Change = std::pair<const char*, const char*>;
  for (const auto& [from, to] : {Change{"\"v\":1", "\"v\":2"}, Change{"\"v\":1,", ""}, Change{"\"p-42\"", "\"p-43\""},
                                 Change{"progression", "boss_kill"}, Change{"\"xp\":120", "\"xp\":-1"},
                                 Change{"2026-11-22T18:21:24.123Z", "later"}, Change{"\"seq\":17", "\"seq\":1.0"},
                                 Change{"default", "de fault"}, Change{",\"seq\"", ",\"sqe\""}, Change{"}}", "}}x"}}) {
    Envelope changed = good;
    changed.body = replaced(good.body, from, to);
    ASSERT_NE(changed.body, good.body) << from;
    EXPECT_EQ(decode_event(changed).error().code, Errc::corrupt) << to;
  }
  Envelope other_id = good;
  other_id.id = EventId::derive(KeyId::trusted("default"), "two");
  EXPECT_THAT(decode_event(other_id).error().detail, HasSubstr("#/event_id"));
}

PlayerId any_name() {
  return PlayerId::trusted(*rc::gen::resize(
      60, rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcXYZ0189._:-"))))));
}

Timestamp any_time() {
  return Timestamp(microseconds(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000)));
}

std::pair<Payload, std::string> any_payload() {
  const auto number = *rc::gen::inRange<std::int64_t>(0, kMaxExactInteger);
  const std::string digits = std::to_string(number);
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return {Progression{.xp = number}, "{\"xp\":" + digits + "}"};
    case 1:
      return {BossKill{.boss_id = BossId::trusted("b"), .difficulty = "hard", .duration_ms = number},
              R"({"boss_id":"b", "difficulty":"hard","duration_ms":)" + digits + "}"};
    default:
      return {DropClaimed{.drop_id = DropId::trusted("d"), .item_id = ItemId::trusted("i"), .quantity = 3},
              R"({"quantity":3,"drop_id":"d","item_id":"i","own":{"payload":")" + digits + "\"}}"};
  }
}

TEST(EventEnvelope, GivesBackEveryEvent) {
  EXPECT_TRUE(rc::check([] {
    Event event = sample();
    event.player_id = any_name();
    event.occurred_at = any_time();
    event.received_at = any_time();
    event.occurred_at_given = *rc::gen::arbitrary<bool>();
    event.seq = *rc::gen::element<std::optional<std::int64_t>>(std::nullopt, 0, 17, kMaxExactInteger);
    std::tie(event.payload, event.payload_json) = any_payload();
    const auto decoded = decode_event(encode_event(event));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->id == event.id);
    RC_ASSERT(decoded->key_id == event.key_id);
    RC_ASSERT(decoded->player_id == event.player_id);
    RC_ASSERT(decoded->occurred_at == event.occurred_at);
    RC_ASSERT(decoded->received_at == event.received_at);
    RC_ASSERT(decoded->occurred_at_given == event.occurred_at_given);
    RC_ASSERT(decoded->seq == event.seq);
    RC_ASSERT(decoded->payload == event.payload);
    RC_ASSERT(decoded->payload_json == event.payload_json);
    RC_ASSERT(decoded->traceparent == event.traceparent);
  }));
}

}  // namespace
}  // namespace liveops::core
