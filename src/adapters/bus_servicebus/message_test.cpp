#include "adapters/bus_servicebus/message.hpp"

#include <gtest/gtest.h>

#include <proton/binary.hpp>
#include <proton/map.hpp>
#include <proton/message.hpp>
#include <proton/timestamp.hpp>
#include <proton/types.hpp>

namespace liveops::adapters::bus_servicebus {

namespace {

const core::Envelope kEnvelope{.id = *core::EventId::parse("0f8fad5b-d9cb-869f-a165-70867728950e"),
                               .type = "boss_kill",
                               .key = "p-42",
                               .body = R"({"n":1})",
                               .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};

proton::message decoded(const std::string& bytes) {
  proton::message message;
  message.decode({bytes.begin(), bytes.end()});
  return message;
}

}  // namespace

TEST(Message, ReadsBackWhatWasWritten) {
  const auto incoming = decode_message(decoded(encode_message(kEnvelope)));
  EXPECT_TRUE(incoming.readable);
  EXPECT_EQ(incoming.envelope, kEnvelope);
  EXPECT_EQ(incoming.only_group, "");
  EXPECT_EQ(incoming.attempt, 1U);
}

TEST(Message, HasTheEventsIdAsItsOwnSoThatDuplicatesAreRecognised) {
  const auto message = decoded(encode_message(kEnvelope));
  EXPECT_EQ(proton::get<std::string>(message.id()), kEnvelope.id.str());
  EXPECT_EQ(message.subject(), "boss_kill");
  EXPECT_EQ(message.content_type(), "application/json");
}

TEST(Message, ARedrivenOneHasAnotherIdAndItsGroupAndIsTheSameEvent) {
  const auto message = decoded(encode_redriven(kEnvelope, "progression", "redrive.7"));
  EXPECT_EQ(proton::get<std::string>(message.id()), "redrive.7");
  const auto incoming = decode_message(message);
  EXPECT_EQ(incoming.envelope, kEnvelope);
  EXPECT_EQ(incoming.only_group, "progression");
}

TEST(Message, WhatTheServiceAddsIsRead) {
  auto message = decoded(encode_message(kEnvelope));
  message.delivery_count(3);
  message.message_annotations().put(proton::symbol("x-opt-sequence-number"), std::int64_t{42});
  message.message_annotations().put(proton::symbol("x-opt-enqueued-time"), proton::timestamp(1'700'000'000'000));
  message.message_annotations().put(proton::symbol("x-opt-locked-until"), proton::timestamp(1'700'000'030'000));
  message.properties().put("DeadLetterReason", std::string("too often"));
  const auto incoming = decode_message(message);
  EXPECT_EQ(incoming.attempt, 4U);
  EXPECT_EQ(incoming.sequence, 42);
  EXPECT_EQ(incoming.locked_until - incoming.enqueued_at, std::chrono::seconds(30));
  EXPECT_EQ(incoming.dead_reason, "too often");
  EXPECT_EQ(incoming.dead_attempts, 3U);
}

TEST(Message, OfAnotherClientWithATextBodyIsTaken) {
  proton::message message;
  message.id(kEnvelope.id.str());
  message.subject("progression");
  message.body(std::string("{}"));
  const auto incoming = decode_message(message);
  EXPECT_TRUE(incoming.readable);
  EXPECT_EQ(incoming.envelope.body, "{}");
}

TEST(Message, OfSomebodyElseIsNotReadableAndKeepsItsBody) {
  proton::message message;
  message.id(std::string("no uuid"));
  message.body(std::string("hello"));
  const auto incoming = decode_message(message);
  EXPECT_FALSE(incoming.readable);
  EXPECT_EQ(incoming.envelope.body, "hello");
}

}  // namespace liveops::adapters::bus_servicebus
