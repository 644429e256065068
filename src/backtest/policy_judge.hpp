#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "backtest/judge.hpp"
#include "core/rules.hpp"
#include "fairness/async/analyst.hpp"
#include "fairness/engine.hpp"
#include "fairness/player_key.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::backtest {

/// The fairness service in simulated time: engine, standings and slower tier under one policy. Events arrive when they
/// are `received_at`.
///
/// The same decisions as those of fairness::Guard when nobody intervenes.
class PolicyJudge final : public Judge {
 public:
  /// `seed`: of the player hash, on which sampling depends.
  PolicyJudge(const core::FairnessRules& rules, fairness::PlayerHasher::Seed seed);

  void judge(const Item& item, Judgement& judgement) override;
  void end(Judgement& judgement) override;

  /// What the engine holds of a player; nullopt when unknown.
  [[nodiscard]] std::optional<fairness::Evidence> explain(const core::PlayerId& player, core::Timestamp now) {
    return engine_.explain(hasher_(player.str()), now);
  }

 private:
  /// What the way of an event needs of a standing.
  struct Standing {
    core::Timestamp blocked_until;
    bool quarantined = false;
    bool named = false;  // in `numbers_`
  };

  void turn_clock(core::Timestamp now, Judgement& judgement);
  void note(const Item& item, const fairness::Decision& decision, Judgement& judgement);
  void take_findings(Judgement& judgement);
  void take_review_list(Judgement& judgement);
  void change_standing(std::uint32_t player, const ports::StandingRequest& request);
  [[nodiscard]] Standing& standing_of(std::uint32_t player);

  fairness::PlayerHasher hasher_;
  fairness::Engine engine_;
  std::unique_ptr<fairness::async::Analyst> analyst_;              // null: switched off
  std::vector<Standing> standings_;                                // by player
  std::unordered_map<std::uint32_t, ports::PlayerStanding> held_;  // of those whom something followed for
  std::unordered_map<core::PlayerId, std::uint32_t> numbers_;
  std::unordered_set<std::uint32_t> listed_;  // on the latest review list, whose time is next
  core::Timestamp listed_at_;
  std::optional<core::Timestamp> next_turn_;
  core::Timestamp now_;
};

}  // namespace liveops::backtest
