#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backtest/judge.hpp"
#include "backtest/policy_judge.hpp"
#include "backtest/scorer.hpp"
#include "core/rules.hpp"

namespace liveops::bench {

/// A judge with its score.
class Contestant {
 public:
  Contestant(std::string name, std::unique_ptr<backtest::Judge> judge)
      : name_(std::move(name)), judge_(std::move(judge)), scorer_(true) {}

  void add_player(const backtest::Label& label) { scorer_.add_player(label); }
  void take(const backtest::Item& item, const backtest::Truth& truth);
  void end();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] backtest::Result result() const { return scorer_.result(); }

 private:
  std::string name_;
  std::unique_ptr<backtest::Judge> judge_;
  backtest::Scorer scorer_;
  backtest::Judgement judgement_;
};

/// A policy without one of its checks.
struct Variant {
  std::string name;
  core::FairnessRules rules;
};
[[nodiscard]] std::vector<Variant> ablations(const core::FairnessRules& rules);

/// The policy with flags `factor` times as rare, in both tiers.
[[nodiscard]] core::FairnessRules with_flag_budget(core::FairnessRules rules, double factor);

[[nodiscard]] std::unique_ptr<backtest::PolicyJudge> judge_of(core::FairnessRules rules, std::uint32_t players);

}  // namespace liveops::bench
