#include "adapters/fairness_http/check_batch.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/event_parser.hpp"

namespace liveops::adapters::fairness_http {
namespace {

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};

core::Event event_of(std::string_view json) {
  auto event = core::parse_event(json, kNow, {});
  if (!event) throw std::runtime_error(event.error().front().detail);
  event->id = core::EventId::derive(core::KeyId::trusted("k"), json);
  return std::move(*event);
}

std::string written(const core::Event& event) {
  std::string body;
  append_event(body, event);
  return body;
}

TEST(CheckBatch, AnEventCarriesWhatIsJudgedAndNoTime) {
  const auto event = event_of(R"({"type":"progression","player_id":"p-42","occurred_at":"2026-09-21T14:13:20Z","seq":17,
                                  "payload":{"xp":120,"score":4500,"more":"kept elsewhere"}})");
  EXPECT_EQ(written(event), R"({"event_id":")" + event.id.str() +
                                R"(","type":"progression","player_id":"p-42","payload":{"xp":120,"score":4500}})");
}

TEST(CheckBatch, EveryTypeIsTakenBackByTheParserWithTheSameAmounts) {
  for (
      const char* json :
      {R"({"type":"progression","player_id":"p","payload":{"xp":0}})",
       R"({"type":"boss_kill","player_id":"p","payload":{"boss_id":"b.1","difficulty":"hard","score":7,"xp":9}})",
       R"({"type":"boss_kill","player_id":"p","payload":{"boss_id":"b.1"}})",
       R"({"type":"drop_claimed","player_id":"p","payload":{"drop_id":"d","item_id":"i","quantity":3,"rarity":"x"}})"}) {
    const auto event = event_of(json);
    auto value = boost::json::parse(written(event)).as_object();
    EXPECT_EQ(value.at("event_id").as_string(), event.id.str());
    value.erase("event_id");
    auto expected = event.payload;
    if (auto* boss = std::get_if<core::BossKill>(&expected)) boss->difficulty.reset();
    if (auto* drop = std::get_if<core::DropClaimed>(&expected)) drop->rarity.reset();
    const auto again = event_of(boost::json::serialize(value));
    EXPECT_EQ(again.player_id, event.player_id);
    EXPECT_EQ(again.payload, expected) << json;
  }
}

TEST(CheckBatch, ReadsVerdicts) {
  const auto verdicts = read_verdicts(
      R"({"verdicts":[{"action":"allow"},{"action":"block","reason":"no","decision_id":"d-1","until":"2026-09-21T14:13:20Z"}]})",
      2);
  ASSERT_TRUE(verdicts);
  EXPECT_EQ(verdicts->at(0).action, core::VerdictAction::allow);
  EXPECT_EQ(verdicts->at(1).action, core::VerdictAction::block);
  EXPECT_EQ(verdicts->at(1).reason, "no");
  EXPECT_EQ(verdicts->at(1).decision_id, "d-1");
  EXPECT_EQ(verdicts->at(1).until, core::parse_rfc3339("2026-09-21T14:13:20Z").value());
}

TEST(CheckBatch, RefusesWhatIsNotOneVerdictAnEvent) {
  for (const char* body : {"", "[]", "{}", R"({"verdicts":1})", R"({"verdicts":[]})",
                           R"({"verdicts":[{"action":"allow"},{"action":"allow"}]})",
                           R"({"verdicts":[{"action":"praise"}]})", R"({"verdicts":["allow"]})", R"({"verdicts":[{}]})",
                           R"({"verdicts":[{"action":"block","until":"soon"}]})", "<html>"}) {
    const auto verdicts = read_verdicts(body, 1);
    ASSERT_FALSE(verdicts) << body;
    EXPECT_EQ(verdicts.error().code, core::Errc::corrupt) << body;
  }
}

}  // namespace
}  // namespace liveops::adapters::fairness_http
