#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "backtest/policy_judge.hpp"
#include "fairness/test_service.hpp"
#include "simulation/event_text.hpp"
#include "simulation/stream.hpp"

namespace liveops::backtest {
namespace {

constexpr fairness::PlayerHasher::Seed kSeed{1, 2};  // of fairness::test::ServiceTest
constexpr std::chrono::seconds kTurn{10};

/// The real service, fed with a simulated day as it happens.
class LiveDecisions : public fairness::test::ServiceTest {
 protected:
  using Remark = std::tuple<std::string, std::string, double>;  // event id, rule, evidence

  LiveDecisions() {
    rules_.async.enabled = false;  // the slower tier is not part of the answer to an event
    rules_.hard.bounds = {{.type = core::EventType::progression, .field = "score", .max = 1'000'000},
                          {.type = core::EventType::boss_kill, .field = "score", .max = 1'000'000}};
    restart();
  }

  /// Time goes on to `now`; the service wakes up every ten seconds.
  void wait_until(core::Timestamp now) {
    if (!turn_) turn_ = now;
    for (; *turn_ <= now; *turn_ += kTurn) {
      clock_.set(*turn_);
      step();
    }
    clock_.set(now);
  }

  bool refused_live(const core::Event& event) {
    wait_until(event.received_at);
    const auto verdicts = check({event});
    EXPECT_TRUE(verdicts);
    return verdicts && core::refuses(verdicts->front().action);
  }

  /// What the service wrote down.
  std::vector<Remark> remarks() {
    step();
    std::vector<Remark> remarks;
    for (const auto& record : store_.decisions) {
      remarks.emplace_back(record.event_id.str(), record.rule, record.evidence);
    }
    return remarks;
  }

  std::optional<core::Timestamp> turn_;
};

TEST_F(LiveDecisions, AreThoseOfABacktestOfTheSameEvents) {
  simulation::Parameters parameters;
  parameters.usual_s = 3;
  simulation::Stream stream(parameters, {.seed = 8, .players = 100, .cheater_share = 0.3, .days = 1});
  const simulation::EventText text(parameters, "t", clock_.now());
  PolicyJudge judge(rules_, kSeed);
  std::vector<Remark> backtested;
  std::map<std::string, bool> refused;  // by event id
  while (const auto simulated = stream.next()) {
    const core::Event event = text.to_event(*simulated);
    Judgement judgement;
    judge.judge({.event = &event, .player = simulated->player}, judgement);
    ASSERT_EQ(refused_live(event), judgement.refused) << simulated->number;
    refused[event.id.str()] |= judgement.refused;
    for (const Action& action : judgement.actions) {
      backtested.emplace_back(action.event_id.str(), std::string(action.rule), action.evidence);
    }
  }
  EXPECT_GT(refused.size(), 5'000U);
  EXPECT_GT(backtested.size(), 20U) << "a day in which little was decided shows little";
  // The service also writes down each event of a throttle under way, which is no new action.
  std::vector<Remark> live = remarks();
  std::size_t at = 0;
  for (const Remark& remark : live) {
    if (at < backtested.size() && remark == backtested[at]) {
      ++at;
    } else {
      EXPECT_TRUE(refused[std::get<0>(remark)]) << std::get<0>(remark) << " " << std::get<1>(remark);
    }
  }
  EXPECT_EQ(at, backtested.size());
}

}  // namespace
}  // namespace liveops::backtest
