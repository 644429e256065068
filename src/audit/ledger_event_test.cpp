#include "audit/ledger_event.hpp"

#include <gtest/gtest.h>

namespace liveops::audit {
namespace {

const std::vector<core::BossRules> kBosses{{.id = core::BossId::trusted("dragon"), .xp = 600, .score = 9000}};

ports::LedgerRow row(core::EventType type, std::string payload) {
  ports::LedgerRow row;
  row.event_id = core::EventId::derive(core::KeyId::trusted("k"), "1");
  row.player = core::PlayerId::trusted("p-1");
  row.type = type;
  row.occurred_at = core::parse_rfc3339("2026-11-22T18:00:00.123456Z").value();
  row.received_at = core::parse_rfc3339("2026-11-22T18:00:01Z").value();
  row.payload_json = std::move(payload);
  return row;
}

TEST(LedgerEvent, IsTheEventThatWasSent) {
  const auto stored = row(core::EventType::drop_claimed, R"({"drop_id":"d","item_id":"gem","quantity":3,"own":[1.5]})");
  const auto event = event_of(stored, kBosses).value();
  EXPECT_EQ(event.id, stored.event_id);
  EXPECT_EQ(event.player_id, stored.player);
  EXPECT_EQ(event.occurred_at, stored.occurred_at);
  EXPECT_EQ(event.received_at, stored.received_at);
  EXPECT_EQ(std::get<core::DropClaimed>(event.payload).quantity, 3);
}

TEST(LedgerEvent, AKillIsWorthWhatTheRulesSaidWhenItCounted) {
  auto stored = row(core::EventType::boss_kill, R"({"boss_id":"dragon"})");
  stored.xp = 500;
  stored.score = 7000;
  const auto kill = std::get<core::BossKill>(event_of(stored, kBosses).value().payload);
  EXPECT_EQ(kill.xp, 500);
  EXPECT_EQ(kill.score, 7000);
}

TEST(LedgerEvent, AKillOfABossThatNobodyKnewIsWorthNothingByTheRules) {
  auto stored = row(core::EventType::boss_kill, R"({"boss_id":"ghost"})");
  stored.score = 0;
  const auto kill = std::get<core::BossKill>(event_of(stored, kBosses).value().payload);
  EXPECT_FALSE(kill.xp);
  EXPECT_FALSE(kill.score);
}

TEST(LedgerEvent, AKillOfABossThatLeftTheRulesKeepsItsWorth) {
  auto stored = row(core::EventType::boss_kill, R"({"boss_id":"ghost"})");
  stored.xp = 20;
  stored.score = 30;
  const auto kill = std::get<core::BossKill>(event_of(stored, kBosses).value().payload);
  EXPECT_EQ(kill.xp, 20);
  EXPECT_EQ(kill.score, 30);
}

TEST(LedgerEvent, OfAPlayerWhoIsGoneKeepsTheNameThatTheRowHas) {
  auto stored = row(core::EventType::progression, R"({"xp":5})");
  stored.player = core::PlayerId::trusted("(row 7)");
  EXPECT_EQ(event_of(stored, kBosses).value().player_id, stored.player);
}

TEST(LedgerEvent, APayloadOfAnotherTypeIsCorrupt) {
  const auto event = event_of(row(core::EventType::drop_claimed, R"({"xp":5})"), kBosses);
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, core::Errc::corrupt);
  EXPECT_FALSE(event_of(row(core::EventType::progression, "{"), kBosses));
}

}  // namespace
}  // namespace liveops::audit
