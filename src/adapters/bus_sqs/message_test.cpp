#include "adapters/bus_sqs/message.hpp"

#include <gmock/gmock.h>

#include "adapters/bus_sqs/sqs_api.hpp"

namespace liveops::adapters::bus_sqs {

namespace json = boost::json;
using testing::ElementsAre;

namespace {

core::Envelope sample() {
  return {.id = *core::EventId::parse("0190d5c4-1b2a-8c3d-9e4f-a5b6c7d8e9f0"),
          .type = "progression",
          .key = "p-1",
          .body = R"({"xp":1})",
          .traceparent = ""};
}

/// The message as a receiver gets it.
Received received(const Message& message) {
  auto entry = send_entry(message, false);
  return parse_received({{"MessageId", "m"},
                         {"ReceiptHandle", "r"},
                         {"Body", entry["MessageBody"]},
                         {"MessageAttributes", entry["MessageAttributes"]},
                         {"Attributes", {{"ApproximateReceiveCount", "3"}, {"SentTimestamp", "1700000000123"}}}});
}

}  // namespace

TEST(SqsMessage, CarriesTheEnvelope) {
  const auto message = received(encode(sample()));
  EXPECT_EQ(*decode(message), sample());
  EXPECT_EQ(message.receives, 3U);
  EXPECT_EQ(message.sent_at.time_since_epoch(), std::chrono::milliseconds(1700000000123));
}

TEST(SqsMessage, TheBodyIsTheEventsJsonAsItIs) {
  EXPECT_EQ(encode(sample()).body, sample().body);
}

TEST(SqsMessage, BodiesThatAreNoTextForSqsAreEncoded) {
  for (const auto* body :
       {"", "a\x01", "\xff", "\xed\xa0\x80", "\xc0\x80", "\xef\xbf\xbe", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    auto envelope = sample();
    envelope.body = body;
    const auto message = encode(envelope);
    EXPECT_TRUE(message.body.starts_with("base64:")) << body;
    EXPECT_EQ(*decode(received(message)), envelope);
  }
  EXPECT_TRUE(is_sqs_text("a\t\r\n \xc3\xa9 \xf0\x9f\x8e\xae \xef\xbf\xbd"));
}

TEST(SqsMessage, WithoutItsAttributesItIsCorrupt) {
  for (const auto* missing : {"id", "type"}) {
    auto message = encode(sample());
    std::erase_if(message.attributes, [&](const auto& attribute) { return attribute.first == missing; });
    EXPECT_EQ(decode(received(message)).error().code, core::Errc::corrupt) << missing;
  }
  auto liar = sample();
  liar.body = "\x01";
  auto message = encode(liar);
  message.body = "base64:!";
  EXPECT_EQ(decode(received(message)).error().code, core::Errc::corrupt);
}

TEST(SqsMessage, BytesCountBodyNamesTypesAndValues) {
  const Message message{.body = "12345", .attributes = {{"ab", "xyz"}}, .group = {}, .deduplication = {}};
  EXPECT_EQ(message.bytes(), 5U + 2U + 6U + 3U);
}

TEST(SqsMessage, ALetterSaysWhyAndHasAtMostTenAttributes) {
  auto envelope = sample();
  envelope.traceparent = "00-x";
  envelope.body = "\x01";
  const auto letter = encode_letter(envelope, {.group = "g", .reason = "bad\nthing\x01", .attempts = 4, .dead_at = {}});
  EXPECT_LE(letter.attributes.size(), 10U);
  EXPECT_EQ(received(letter).attribute("reason"), "bad?thing?");
  EXPECT_EQ(received(letter).attribute("attempts"), "4");
}

TEST(SqsBatch, EntriesAreDoneRefusedOrToBeRetried) {
  const json::object answer{{"Successful", {{{"Id", "0"}}}},
                            {"Failed",
                             {{{"Id", "1"}, {"SenderFault", true}, {"Code", "InvalidMessageContents"}},
                              {{"Id", "2"}, {"SenderFault", "true"}, {"Code", "X"}},
                              {{"Id", "3"}, {"SenderFault", false}, {"Code", "InternalError"}},
                              {{"Id", "4"}, {"SenderFault", true}, {"Code", "RequestThrottled"}},
                              {{"Id", "99"}, {"SenderFault", true}},
                              "no object"}}};
  EXPECT_THAT(parse_outcomes(answer, 6), ElementsAre(EntryOutcome::done, EntryOutcome::refused, EntryOutcome::refused,
                                                     EntryOutcome::retry, EntryOutcome::retry, EntryOutcome::retry));
}

}  // namespace liveops::adapters::bus_sqs
