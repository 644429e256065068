#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "apps/liveops/backtest/decisions_file.hpp"
#include "backtest/comparison.hpp"
#include "backtest/labels.hpp"
#include "backtest/policy_judge.hpp"
#include "backtest/scorer.hpp"

namespace liveops::apps {

/// One backtest: events go in, each policy judges them, scores come out.
class BacktestRun {
 public:
  BacktestRun(const core::FairnessRules& policy, std::optional<core::FairnessRules> other,
              std::optional<backtest::Labels> labels, DecisionsFile& decisions);

  void take(const core::Event& event, const std::string& name);
  void end();

  [[nodiscard]] backtest::Result result() const { return first_.scorer.result(); }
  [[nodiscard]] backtest::Result other_result() const { return second_->scorer.result(); }
  [[nodiscard]] backtest::Comparison compare() const;
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  struct Side {
    Side(const core::FairnessRules& policy, bool labelled);
    backtest::PolicyJudge judge;
    backtest::Scorer scorer;
    backtest::Judgement judgement;
  };

  std::uint32_t number_of(const core::PlayerId& player);
  static void judge(Side& side, const backtest::Item& item);
  void write(const backtest::Judgement& judgement, const core::Event* event, const std::string& name);

  std::optional<backtest::Labels> labels_;
  DecisionsFile& decisions_;
  Side first_;
  std::unique_ptr<Side> second_;
  std::unordered_map<core::PlayerId, std::uint32_t> numbers_;
  std::vector<core::PlayerId> players_;
  std::uint64_t events_ = 0;
};

}  // namespace liveops::apps
