#include "backtest/policy_judge.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>

#include "backtest/scorer.hpp"
#include "backtest/table.hpp"
#include "simulation/event_text.hpp"
#include "simulation/stream.hpp"

namespace liveops::backtest {
namespace {

constexpr core::Timestamp kStart{std::chrono::seconds(1'790'000'000)};

core::FairnessRules shipped_limits() {
  core::FairnessRules rules;
  rules.max_players = 10'000;
  rules.async.max_players = 1000;
  rules.hard.bounds = {{.type = core::EventType::progression, .field = "score", .max = 1'000'000},
                       {.type = core::EventType::boss_kill, .field = "score", .max = 1'000'000}};
  return rules;
}

/// Everything the judge does with two days of a small population, as text.
std::string decisions_on(std::uint64_t simulation_seed, const core::FairnessRules& rules) {
  simulation::Parameters parameters;
  parameters.usual_s = 3;
  parameters.slow_s = 12;
  simulation::Stream stream(parameters, {.seed = simulation_seed, .players = 120, .cheater_share = 0.15, .days = 2});
  const simulation::EventText text(parameters, "t", kStart);
  PolicyJudge judge(rules, {1, 2});
  Scorer scorer(true);
  for (const auto& player : stream.players()) {
    Label label{.onset = std::nullopt, .kind = std::string(to_string(player.kind))};
    if (player.kind != simulation::Kind::honest) label.onset = text.time_of(player.onset);
    scorer.add_player(label);
  }
  std::string all;
  while (const auto simulated = stream.next()) {
    const core::Event event = text.to_event(*simulated);
    Judgement judgement;
    const Item item{.event = &event, .player = simulated->player};
    judge.judge(item, judgement);
    scorer.count(item, {simulated->illicit, simulated->illicit_score}, judgement);
    for (const Action& action : judgement.actions) {
      all += std::to_string(action.player) + " " + action.event_id.str() + " " + std::string(to_string(action.level)) +
             " " + std::string(action.rule) + " " + std::to_string(action.evidence) + "\n";
    }
  }
  return all + boost::json::serialize(to_json(scorer.result()));
}

TEST(PolicyJudge, TheSameEventsGiveTheSameDecisions) {
  const std::string first = decisions_on(4, shipped_limits());
  EXPECT_EQ(first, decisions_on(4, shipped_limits()));
  EXPECT_NE(first, decisions_on(5, shipped_limits()));
}

TEST(PolicyJudge, AnImpossibleAwardIsBlockedAndTheNextEventsAreRefused) {
  PolicyJudge judge(shipped_limits(), {1, 2});
  core::Event event;
  event.player_id = core::PlayerId::trusted("p-1");
  event.received_at = event.occurred_at = kStart;
  event.id = core::EventId::derive(core::KeyId::trusted("k"), "1");
  event.payload = core::Progression{.xp = 1, .score = 2'000'000};
  Judgement judgement;
  judge.judge({.event = &event}, judgement);
  EXPECT_TRUE(judgement.refused);
  ASSERT_EQ(judgement.actions.size(), 1U);
  EXPECT_EQ(judgement.actions.front().level, Level::block);
  EXPECT_EQ(judgement.actions.front().rule, "hard_bound");
  event.id = core::EventId::derive(core::KeyId::trusted("k"), "2");
  event.payload = core::Progression{.xp = 1, .score = 10};
  event.received_at += std::chrono::minutes(1);
  Judgement next;
  judge.judge({.event = &event}, next);
  EXPECT_TRUE(next.refused);
  EXPECT_TRUE(next.actions.empty());
}

TEST(PolicyJudge, ShadowedRulesRefuseNobody) {
  core::FairnessRules rules = shipped_limits();
  rules.hard.mode = core::RuleMode::shadow;
  PolicyJudge judge(rules, {1, 2});
  core::Event event;
  event.player_id = core::PlayerId::trusted("p-1");
  event.received_at = event.occurred_at = kStart;
  event.payload = core::Progression{.xp = 1, .score = 2'000'000};
  Judgement judgement;
  judge.judge({.event = &event}, judgement);
  EXPECT_FALSE(judgement.refused);
  ASSERT_EQ(judgement.actions.size(), 1U);
  EXPECT_EQ(judgement.actions.front().level, Level::shadow);
}

}  // namespace
}  // namespace liveops::backtest
