#include "adapters/bus_nats/js_api.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace liveops::adapters::bus_nats {

using core::Errc;
using ports::PublishOutcome;
using std::chrono::milliseconds;

namespace {

// Answers as nats-server 2.9.10 gave them.
constexpr std::string_view kConsumerInfo =
    R"({"type":"io.nats.jetstream.api.v1.consumer_info_response","stream_name":"LIVEOPS_EVENTS","name":"progression",)"
    R"("created":"2026-11-22T18:00:00Z","config":{"durable_name":"progression","deliver_policy":"all",)"
    R"("ack_policy":"explicit","ack_wait":30000000000,"max_deliver":-1,"replay_policy":"instant","num_replicas":0},)"
    R"("delivered":{"consumer_seq":9,"stream_seq":8},"ack_floor":{"consumer_seq":5,"stream_seq":4},)"
    R"("num_ack_pending":4,"num_redelivered":1,"num_waiting":0,"num_pending":11})";
constexpr std::string_view kMessage =
    R"({"type":"io.nats.jetstream.api.v1.stream_msg_get_response","message":{"subject":"liveops.events.boss_kill",)"
    R"("seq":17,"data":"aGVsbG8=","time":"2026-11-22T18:21:24.123456789Z"}})";

}  // namespace

TEST(JsApi, AStreamKeepsItsMessagesInFilesAndRefusesNewOnesWhenFull) {
  const auto config = boost::json::parse(to_json(StreamConfig{.name = "LIVEOPS_EVENTS",
                                                              .subjects = "liveops.events.>",
                                                              .max_bytes = 1 << 20,
                                                              .max_age = std::chrono::seconds(2),
                                                              .duplicate_window = std::chrono::seconds(1),
                                                              .replicas = 3}));
  EXPECT_EQ(config.at("storage").as_string(), "file");
  EXPECT_EQ(config.at("retention").as_string(), "limits");
  EXPECT_EQ(config.at("discard").as_string(), "new");
  EXPECT_EQ(config.at("max_bytes").as_int64(), 1 << 20);
  EXPECT_EQ(config.at("max_age").as_int64(), 2'000'000'000);
  EXPECT_EQ(config.at("duplicate_window").as_int64(), 1'000'000'000);
  EXPECT_EQ(config.at("num_replicas").as_int64(), 3);
}

TEST(JsApi, AConsumerDeliversFromTheOldestAsOftenAsItTakes) {
  const auto request = boost::json::parse(to_json(ConsumerConfig{
      .stream = "S", .name = "g", .subjects = "s.*", .ack_wait = milliseconds(30'000), .max_ack_pending = 100}));
  const auto& config = request.at("config");
  EXPECT_EQ(request.at("stream_name").as_string(), "S");
  EXPECT_EQ(config.at("durable_name").as_string(), "g");
  EXPECT_EQ(config.at("filter_subject").as_string(), "s.*");
  EXPECT_EQ(config.at("deliver_policy").as_string(), "all");
  EXPECT_EQ(config.at("ack_wait").as_int64(), 30'000'000'000);
  EXPECT_EQ(config.at("max_deliver").as_int64(), -1);
}

TEST(JsApi, RequestsAreWhatTheServerReads) {
  EXPECT_EQ(pull_request(100, milliseconds(20)), R"({"batch":100,"expires":20000000,"no_wait":true})");
  EXPECT_EQ(next_message_request(8, "liveops.dead.>"), R"({"seq":8,"next_by_subj":"liveops.dead.>"})");
  EXPECT_EQ(nak(milliseconds(0)), "-NAK");
  EXPECT_EQ(nak(milliseconds(1500)), R"(-NAK {"delay":1500000000})");
}

TEST(JsApi, EachErrorOfTheServerHasItsMeaning) {
  const std::vector<std::pair<std::int64_t, Errc>> rows{
      {10014, Errc::not_found},        {10037, Errc::not_found},        {10059, Errc::not_found},
      {10013, Errc::conflict},         {10058, Errc::conflict},         {10052, Errc::invalid_argument},
      {10065, Errc::invalid_argument}, {10074, Errc::invalid_argument}, {10077, Errc::unavailable},
      {10008, Errc::unavailable},      {0, Errc::unavailable}};
  for (const auto& [code, meaning] : rows) {
    const auto answer = R"({"error":{"code":400,"err_code":)" + std::to_string(code) + R"(,"description":"why"}})";
    const auto error = parse_answer(answer);
    ASSERT_FALSE(error.has_value());
    EXPECT_EQ(error.error().code, meaning) << code;
    EXPECT_EQ(error.error().message, "NATS: why");
  }
}

TEST(JsApi, WhatIsNoAnswerIsUnavailable) {
  for (const std::string_view answer : {"", "[]", "{\"a\":", "+ACK"}) {
    EXPECT_EQ(parse_answer(answer).error().code, Errc::unavailable) << answer;
  }
}

TEST(JsApi, APublishIsStoredOnlyWhenTheAnswerSaysSo) {
  EXPECT_EQ(publish_outcome(R"({"stream":"LIVEOPS_EVENTS", "seq":1})"), PublishOutcome::stored);
  EXPECT_EQ(publish_outcome(R"({"stream":"LIVEOPS_EVENTS", "seq":1,"duplicate": true})"), PublishOutcome::stored);
  EXPECT_EQ(publish_outcome(R"({"error":{"code":503,"err_code":10077,"description":"maximum bytes exceeded"},)"
                            R"("stream":"LIVEOPS_EVENTS","seq":0})"),
            PublishOutcome::retry);
  EXPECT_EQ(publish_outcome(R"({"error":{"code":400,"err_code":10054,"description":"message size exceeds"},"seq":0})"),
            PublishOutcome::refused);
  EXPECT_EQ(publish_outcome(""), PublishOutcome::retry);
}

TEST(JsApi, AConsumersStateIsRead) {
  const auto state = parse_consumer(boost::json::parse(kConsumerInfo).as_object());
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->name, "progression");
  EXPECT_TRUE(state->durable);
  EXPECT_EQ(state->ack_floor, 4U);
  EXPECT_EQ(state->pending, 11U);
  EXPECT_EQ(state->ack_pending, 4U);
  EXPECT_EQ(parse_consumer({}).error().code, Errc::unavailable);
}

TEST(JsApi, AStoredMessageIsRead) {
  const auto message = parse_message(boost::json::parse(kMessage).as_object());
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->subject, "liveops.events.boss_kill");
  EXPECT_EQ(message->sequence, 17U);
  EXPECT_EQ(message->data, "hello");
  EXPECT_EQ(core::format_rfc3339(message->published_at), "2026-11-22T18:21:24.123456Z");
  EXPECT_EQ(parse_message({}).error().code, Errc::unavailable);
}

}  // namespace liveops::adapters::bus_nats
