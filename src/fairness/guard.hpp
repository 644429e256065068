#pragma once

#include <span>
#include <vector>

#include "core/time.hpp"
#include "fairness/decision_log.hpp"
#include "fairness/engine.hpp"
#include "fairness/guard_metrics.hpp"
#include "fairness/player_key.hpp"
#include "fairness/player_texts.hpp"
#include "fairness/policy_name.hpp"
#include "fairness/standings.hpp"
#include "ports/fairness_check.hpp"

namespace liveops::fairness {

/// The gateway's answer: the player's standing first, then the engine.
///
/// New throttles and blocks are durable before they are answered; decisions that change no standing are recorded later.
/// Threads: any.
class Guard final : public ports::FairnessCheck {
 public:
  Guard(Engine& engine, const PlayerHasher& hasher, Standings& standings, DecisionLog& decisions,
        const PolicyName& policy, const PlayerTexts& texts, const core::Clock& clock, GuardMetrics& metrics);

  /// As the port says. `unavailable` when a new throttle or block could not be stored: nothing was decided then, and
  /// the events that were to be refused are judged anew when they come again.
  [[nodiscard]] ports::Task<std::vector<core::Verdict>> check(std::vector<core::Event> events) override;

 private:
  struct Batch;

  void judge(const core::Event& event, const Observation& observation, Batch& batch);
  void note(const core::Event& event, const Decision& decision, Batch& batch);
  [[nodiscard]] core::Verdict refuse(const core::Event& event, const Decision& decision);
  void request_standing(const core::Event& event, const Observation& observation, const Decision& decision,
                        Batch& batch);
  [[nodiscard]] ports::Task<void> make_last(Batch& batch);
  [[nodiscard]] core::Verdict by_standing(const ports::PlayerStanding& standing);

  Engine& engine_;
  const PlayerHasher& hasher_;
  Standings& standings_;
  DecisionLog& decisions_;
  const PolicyName& policy_;
  const PlayerTexts& texts_;
  const core::Clock& clock_;
  GuardMetrics& metrics_;
};

}  // namespace liveops::fairness
