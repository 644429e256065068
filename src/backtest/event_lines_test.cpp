#include "backtest/event_lines.hpp"

#include <gtest/gtest.h>

namespace liveops::backtest {
namespace {

std::string line(const std::string& second, const std::string& extra = "") {
  return R"({"type":"progression","player_id":"p-1","occurred_at":"2026-01-05T00:00:)" + second +
         R"(Z","payload":{"xp":7,"score":90})" + extra + "}";
}

RecordedEvent read(EventLines& lines, const std::string& text) {
  auto recorded = lines.read(text);
  EXPECT_TRUE(recorded) << recorded.error().message;
  if (!recorded || !*recorded) return {};
  return **recorded;
}

TEST(EventLines, AnEventArrivesWhenItOccurred) {
  EventLines lines;
  const RecordedEvent recorded = read(lines, line("01"));
  EXPECT_EQ(core::format_rfc3339(recorded.event.received_at), "2026-01-05T00:00:01Z");
  EXPECT_EQ(recorded.event.received_at, recorded.event.occurred_at);
  EXPECT_EQ(recorded.event.player_id.str(), "p-1");
}

TEST(EventLines, TheSameKeyIsTheSameEventWhateverStandsAround) {
  EventLines lines;
  const auto first = read(lines, line("01", R"(,"idempotency_key":"k-1")"));
  const auto again = read(lines, line("02", R"(,"idempotency_key":"k-1")"));
  const auto other = read(lines, line("02", R"(,"idempotency_key":"k-2")"));
  EXPECT_EQ(first.event.id, again.event.id);
  EXPECT_NE(first.event.id, other.event.id);
}

TEST(EventLines, AnEventIdIsKeptAsItWasGiven) {
  EventLines lines;
  const std::string uuid = "0189aaaa-bbbb-8ccc-9ddd-eeeeffff0001";
  const auto named = read(lines, line("01", R"(,"event_id":")" + uuid + "\""));
  EXPECT_EQ(named.event.id.str(), uuid);
  EXPECT_EQ(named.name, uuid);
  const auto free = read(lines, line("01", R"(,"event_id":"e/17")"));
  EXPECT_EQ(free.name, "e/17");
}

TEST(EventLines, WithoutAnyNameEqualLinesAreTheSameEvent) {
  EventLines lines;
  const auto first = read(lines, line("01"));
  EXPECT_EQ(first.event.id, read(lines, line("01") + "\r").event.id);
  EXPECT_NE(first.event.id, read(lines, line("02")).event.id);
}

TEST(EventLines, BlankLinesArePassedOverAndCounted) {
  EventLines lines;
  EXPECT_FALSE(lines.read("  \r").value());
  const auto broken = lines.read("{");
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().message.starts_with("line 2: #")) << broken.error().message;
}

TEST(EventLines, TimeThatRunsBackIsRefused) {
  EventLines lines;
  (void)read(lines, line("02"));
  const auto back = lines.read(line("01"));
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, core::Errc::invalid_argument);
  EXPECT_EQ(
      back.error().message,
      "line 2: #/occurred_at: 2026-01-05T00:00:01Z comes after 2026-01-05T00:00:02Z: events must be in time order");
}

TEST(EventLines, WithoutATimeThereIsNoClock) {
  EventLines lines;
  const auto timeless = lines.read(R"({"type":"progression","player_id":"p-1","payload":{"xp":7}})");
  ASSERT_FALSE(timeless);
  EXPECT_EQ(timeless.error().message, "line 1: #/occurred_at: is required: it is the clock");
}

TEST(EventLines, WhatTheGatewayRefusesIsRefusedWithItsReason) {
  EventLines lines;
  const auto negative = lines.read(
      R"({"type":"progression","player_id":"p-1","occurred_at":"2026-01-05T00:00:01Z","payload":{"xp":-7}})");
  ASSERT_FALSE(negative);
  EXPECT_TRUE(negative.error().message.starts_with("line 1: #/payload/xp: ")) << negative.error().message;
}

}  // namespace
}  // namespace liveops::backtest
