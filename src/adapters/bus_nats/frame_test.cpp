#include "adapters/bus_nats/frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace liveops::adapters::bus_nats {

namespace {

using core::Errc;

core::EventId id_of(std::uint8_t seed) {
  core::EventId::Bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(seed + i * 17);
  return core::EventId(bytes);
}

const core::Envelope kEnvelope{
    .id = id_of(3), .type = "boss_kill", .key = "p-42", .body = R"({"n":1})", .traceparent = "00-ab-cd-01"};

}  // namespace

TEST(Frame, ReadsBackWhateverWasWritten) {
  EXPECT_TRUE(rc::check([](std::string type, std::string key, std::string body, std::string trace, std::string group) {
    const core::Envelope envelope{.id = id_of(9), .type = type, .key = key, .body = body, .traceparent = trace};
    const auto frame = decode_frame(encode_frame(envelope, group));
    RC_ASSERT(frame.has_value());
    RC_ASSERT(frame->envelope == envelope);
    RC_ASSERT(frame->only_group == group);
  }));
}

TEST(Frame, EveryCutBeforeTheBodyIsNoticed) {
  const auto whole = encode_frame(kEnvelope, "progression");
  const auto head = whole.size() - kEnvelope.body.size();
  for (std::size_t size = 0; size < head; ++size) {
    EXPECT_EQ(decode_frame(std::string_view(whole).substr(0, size)).error().code, Errc::corrupt) << size;
  }
}

TEST(Frame, WhatSomebodyElsePublishedIsNotRead) {
  EXPECT_EQ(decode_frame("hello").error().code, Errc::corrupt);
  EXPECT_EQ(decode_frame(R"({"type":"progression","player_id":"p-1","payload":{"xp":1}})").error().code, Errc::corrupt);
}

TEST(Frame, AFieldOfMoreThan255BytesDoesNotFit) {
  auto envelope = kEnvelope;
  envelope.key = std::string(255, 'k');
  EXPECT_TRUE(fits_a_frame(envelope));
  envelope.key += 'k';
  EXPECT_FALSE(fits_a_frame(envelope));
}

TEST(Frame, TheOverheadIsBounded) {
  const core::Envelope envelope{.id = id_of(1),
                                .type = std::string(255, 't'),
                                .key = std::string(255, 'k'),
                                .body = "",
                                .traceparent = std::string(255, 'p')};
  const auto letter =
      encode_letter({.reason = std::string(100'000, 'r')}, encode_frame(envelope, std::string(64, 'g')));
  EXPECT_LT(letter.size() + 500, kMaxOverheadBytes);  // headers
}

TEST(DeadLetterFrame, ReadsBackReasonAttemptsAndTime) {
  const core::Timestamp dead_at{std::chrono::microseconds(1'795'000'000'123'456)};
  const auto frame = encode_frame(kEnvelope);
  const auto letter = decode_letter(encode_letter({"cannot be read", 7, dead_at}, frame));
  ASSERT_TRUE(letter.has_value());
  EXPECT_EQ(letter->obituary.reason, "cannot be read");
  EXPECT_EQ(letter->obituary.attempts, 7U);
  EXPECT_EQ(letter->obituary.dead_at, dead_at);
  EXPECT_EQ(letter->frame, frame);
}

TEST(DeadLetterFrame, EveryCutBeforeTheFrameIsNoticed) {
  const auto whole = encode_letter({"why", 1, {}}, "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(decode_letter(std::string_view(whole).substr(0, size)).error().code, Errc::corrupt) << size;
  }
}

}  // namespace liveops::adapters::bus_nats
