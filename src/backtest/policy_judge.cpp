#include "backtest/policy_judge.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "fairness/async/remarks.hpp"
#include "ports/standing_rules.hpp"

namespace liveops::backtest {
namespace {

constexpr std::chrono::seconds kTurn{10};  // as fairness::Service
// Nothing changes any more when nobody has played for so long.
constexpr std::chrono::hours kLongestSilence{7 * 24};

/// The names that rules of the slower tier have in decisions.
std::string_view rule_of(fairness::async::Check check) {
  static const auto kNames = [] {
    std::array<std::string, fairness::async::kChecks> names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      names[i] = "async." + std::string(to_string(static_cast<fairness::async::Check>(i)));
    }
    return names;
  }();
  return kNames[static_cast<std::size_t>(check)];
}

Level level_of(fairness::async::Proposal proposal) {
  switch (proposal) {
    case fairness::async::Proposal::quarantine:
      return Level::quarantine;
    case fairness::async::Proposal::flag:
      return Level::flag;
    default:
      return Level::review;
  }
}

Level level_of(const fairness::Finding& finding) {
  if (finding.mode == core::RuleMode::shadow) return Level::shadow;
  switch (finding.action) {
    case core::VerdictAction::allow:
      return Level::flag;
    case core::VerdictAction::throttle:
      return Level::throttle;
    case core::VerdictAction::quarantine:
      return Level::quarantine;
    case core::VerdictAction::block:
      return Level::block;
  }
  return Level::flag;
}

}  // namespace

PolicyJudge::PolicyJudge(const core::FairnessRules& rules, fairness::PlayerHasher::Seed seed)
    : hasher_(seed), engine_(rules) {
  if (!rules.async.enabled) return;
  analyst_ = std::make_unique<fairness::async::Analyst>(
      rules.async, [hasher = hasher_](std::string_view player) { return hasher(player); });
}

PolicyJudge::Standing& PolicyJudge::standing_of(std::uint32_t player) {
  if (player >= standings_.size()) standings_.resize(player + std::size_t{1});
  return standings_[player];
}

void PolicyJudge::judge(const Item& item, Judgement& judgement) {
  const core::Event& event = *item.event;
  turn_clock(event.received_at, judgement);
  Standing& standing = standing_of(item.player);
  if (analyst_ && !standing.named) numbers_.try_emplace(event.player_id, item.player);
  standing.named = true;
  if (standing.blocked_until > event.received_at) {
    judgement.refused = true;
    judgement.ranked = false;
    return;
  }
  const auto decision = engine_.evaluate(fairness::observe(event, hasher_), event.received_at);
  if (decision.count > 0 && !decision.repeated) note(item, decision, judgement);
  judgement.refused = core::refuses(decision.action);
  if (analyst_ && !judgement.refused) analyst_->observe(event);
  judgement.ranked = !judgement.refused && !standing_of(item.player).quarantined;
}

// The service looks at the clock whether or not events come.
void PolicyJudge::turn_clock(core::Timestamp now, Judgement& judgement) {
  if (!next_turn_) next_turn_ = now;
  const auto silence = std::chrono::floor<std::chrono::hours>(now - *next_turn_);
  if (silence > kLongestSilence) *next_turn_ += silence - kLongestSilence;
  while (*next_turn_ <= now) {
    now_ = *next_turn_;
    engine_.refresh_population(*next_turn_);
    if (analyst_) {
      analyst_->advance(*next_turn_);
      take_findings(judgement);
    }
    *next_turn_ += kTurn;
  }
  now_ = now;
}

void PolicyJudge::note(const Item& item, const fairness::Decision& decision, Judgement& judgement) {
  const core::Event& event = *item.event;
  for (const fairness::Finding& finding : decision.found()) {
    if (finding.continued) continue;  // of an action that was noted before
    judgement.actions.push_back({.level = level_of(finding),
                                 .rule = core::to_string(finding.detector),
                                 .evidence = static_cast<double>(finding.evidence),
                                 .player = item.player,
                                 .event_id = event.id,
                                 .at = event.received_at});
  }
  const fairness::Finding& reason = decision.reason();
  const bool of_rate =
      reason.detector == core::Detector::burst || reason.detector == core::Detector::sustained || reason.continued;
  if (of_rate || decision.action == core::VerdictAction::allow) return;
  const bool quarantine = decision.action == core::VerdictAction::quarantine;
  ports::StandingRequest request;
  request.wanted.player_id = event.player_id;
  request.wanted.state = decision.action;
  request.wanted.until = quarantine ? std::nullopt : std::optional(decision.until);
  request.wanted.at = event.received_at;
  change_standing(item.player, request);
}

void PolicyJudge::change_standing(std::uint32_t player, const ports::StandingRequest& request) {
  const auto held = held_.find(player);
  auto settled = ports::settle(held == held_.end() ? std::nullopt : std::optional(held->second), request);
  Standing& standing = standing_of(player);
  const bool blocked = settled.standing.state == core::VerdictAction::block;
  standing.blocked_until = blocked ? settled.standing.until.value_or(core::Timestamp::max()) : core::Timestamp();
  standing.quarantined = settled.standing.state == core::VerdictAction::quarantine;
  held_[player] = std::move(settled.standing);
}

void PolicyJudge::take_findings(Judgement& judgement) {
  using fairness::async::Proposal;
  for (const fairness::async::Finding& finding : analyst_->take_findings()) {
    const auto player = numbers_.find(finding.player);
    if (finding.proposal == Proposal::none || player == numbers_.end()) continue;
    judgement.actions.push_back({.level = level_of(finding.proposal),
                                 .rule = rule_of(finding.check),
                                 .evidence = finding.once_in,
                                 .player = player->second,
                                 .event_id = finding.last_event,
                                 .at = now_});
    if (finding.proposal != Proposal::quarantine) continue;
    change_standing(player->second, fairness::async::quarantine_of(finding, {}));
  }
  if (analyst_->review_list_at() == listed_at_) return;
  listed_at_ = analyst_->review_list_at();
  take_review_list(judgement);
}

void PolicyJudge::take_review_list(Judgement& judgement) {
  std::unordered_set<std::uint32_t> listed;
  for (const fairness::async::ReviewEntry& entry : analyst_->review_list()) {
    const auto player = numbers_.find(entry.player);
    if (player == numbers_.end()) continue;
    listed.insert(player->second);
    if (listed_.contains(player->second)) continue;
    judgement.actions.push_back({.level = Level::review,
                                 .rule = rule_of(entry.strongest),
                                 .evidence = entry.e_value,
                                 .player = player->second,
                                 .at = now_});
  }
  listed_ = std::move(listed);
}

void PolicyJudge::end(Judgement& judgement) {
  if (!analyst_) return;
  constexpr std::chrono::hours kSettled{1};  // sessions have ended by then
  analyst_->advance(now_ + kSettled);
  take_findings(judgement);
}

}  // namespace liveops::backtest
