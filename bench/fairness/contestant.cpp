#include "bench/fairness/contestant.hpp"

#include <algorithm>

namespace liveops::bench {
namespace {

using core::RuleMode;

constexpr fairness::PlayerHasher::Seed kSeed{.first = 1, .second = 2};

}  // namespace

void Contestant::take(const backtest::Item& item, const backtest::Truth& truth) {
  judgement_.refused = false;
  judgement_.ranked = true;
  judgement_.actions.clear();
  judge_->judge(item, judgement_);
  scorer_.count(item, truth, judgement_);
}

void Contestant::end() {
  judgement_.actions.clear();
  judge_->end(judgement_);
  scorer_.act(judgement_);
}

std::vector<Variant> ablations(const core::FairnessRules& rules) {
  std::vector<Variant> variants;
  const auto without = [&](std::string name, auto change) {
    Variant variant{.name = "without " + std::move(name), .rules = rules};
    change(variant.rules);
    variants.push_back(std::move(variant));
  };
  without("hard_bound", [](auto& r) { r.hard.mode = RuleMode::off; });
  without("sequence", [](auto& r) { r.sequence.mode = RuleMode::off; });
  without("burst", [](auto& r) { r.burst.mode = RuleMode::off; });
  without("sustained", [](auto& r) { r.burst.sustained_mode = RuleMode::off; });
  without("tempo", [](auto& r) { r.evidence.tempo.mode = RuleMode::off; });
  without("award_level", [](auto& r) { r.evidence.award_level.mode = RuleMode::off; });
  without("award_tail", [](auto& r) { r.evidence.award_tail.mode = RuleMode::off; });
  without("velocity", [](auto& r) { r.evidence.velocity.mode = RuleMode::off; });
  without("timing", [](auto& r) { r.evidence.timing.mode = RuleMode::off; });
  without("unbroken", [](auto& r) { r.unbroken.mode = RuleMode::off; });
  without("the slower tier", [](auto& r) { r.async.enabled = false; });
  return variants;
}

core::FairnessRules with_flag_budget(core::FairnessRules rules, double factor) {
  core::BudgetRules& budgets = rules.budgets;
  budgets.flag_once_in *= factor;
  budgets.throttle_once_in = std::max(budgets.throttle_once_in, budgets.flag_once_in);
  budgets.quarantine_once_in = std::max(budgets.quarantine_once_in, budgets.throttle_once_in);
  budgets.block_once_in = std::max(budgets.block_once_in, budgets.quarantine_once_in);
  rules.async.flag_once_in *= factor;
  rules.async.review_once_in = std::min(rules.async.review_once_in, rules.async.flag_once_in);
  return rules;
}

std::unique_ptr<backtest::PolicyJudge> judge_of(core::FairnessRules rules, std::uint32_t players) {
  // Room for all of them, and not much more: many judges run side by side.
  constexpr std::size_t kRoom = 4;
  constexpr std::size_t kLeast = 20'000;
  rules.max_players = std::max(kLeast, kRoom * players);
  rules.async.max_players = std::max(kLeast, kRoom * players);
  return std::make_unique<backtest::PolicyJudge>(rules, kSeed);
}

}  // namespace liveops::bench
