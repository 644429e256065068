#include "apps/liveops/backtest/run.hpp"

#include <utility>

namespace liveops::apps {
namespace {

// Nobody chooses player ids against a backtest; what counts is that it can be repeated.
constexpr fairness::PlayerHasher::Seed kSeed{.first = 0x6c6976656f7073, .second = 0x6261636b74657374};

}  // namespace

BacktestRun::Side::Side(const core::FairnessRules& policy, bool labelled) : judge(policy, kSeed), scorer(labelled) {}

BacktestRun::BacktestRun(const core::FairnessRules& policy, std::optional<core::FairnessRules> other,
                         std::optional<backtest::Labels> labels, DecisionsFile& decisions)
    : labels_(std::move(labels)), decisions_(decisions), first_(policy, labels_.has_value()) {
  if (other) second_ = std::make_unique<Side>(*other, labels_.has_value());
}

std::uint32_t BacktestRun::number_of(const core::PlayerId& player) {
  const auto [at, is_new] = numbers_.try_emplace(player, static_cast<std::uint32_t>(players_.size()));
  if (!is_new) return at->second;
  players_.push_back(player);
  backtest::Label label;
  if (labels_) {
    if (const auto known = labels_->find(player); known != labels_->end()) label = known->second;
  }
  first_.scorer.add_player(label);
  if (second_) second_->scorer.add_player(label);
  return at->second;
}

void BacktestRun::judge(Side& side, const backtest::Item& item) {
  side.judgement.refused = false;
  side.judgement.ranked = true;
  side.judgement.actions.clear();
  side.judge.judge(item, side.judgement);
  side.scorer.count(item, side.scorer.presumed(item), side.judgement);
}

void BacktestRun::take(const core::Event& event, const std::string& name) {
  ++events_;
  const backtest::Item item{.event = &event, .player = number_of(event.player_id)};
  judge(first_, item);
  if (decisions_.is_open()) write(first_.judgement, &event, name);
  if (second_) judge(*second_, item);
}

void BacktestRun::write(const backtest::Judgement& judgement, const core::Event* event, const std::string& name) {
  for (const backtest::Action& action : judgement.actions) {
    const bool of_this = event != nullptr && action.event_id == event->id && !name.empty();
    decisions_.write(action, players_[action.player], of_this ? name : action.event_id.str());
  }
}

void BacktestRun::end() {
  for (Side* side : {&first_, second_.get()}) {
    if (side == nullptr) continue;
    side->judgement.actions.clear();
    side->judge.end(side->judgement);
    side->scorer.act(side->judgement);
  }
  if (decisions_.is_open()) write(first_.judgement, nullptr, {});
}

backtest::Comparison BacktestRun::compare() const {
  backtest::Comparison comparison;
  for (std::uint32_t i = 0; i < players_.size(); ++i) {
    std::string kind;
    if (labels_) {
      const auto known = labels_->find(players_[i]);
      kind = known == labels_->end() ? "honest" : known->second.kind;
    }
    comparison.add(players_[i].str(), kind, first_.scorer.strongest(i), second_->scorer.strongest(i));
  }
  return comparison;
}

}  // namespace liveops::apps
