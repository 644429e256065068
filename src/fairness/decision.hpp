#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/rules.hpp"
#include "core/time.hpp"
#include "core/verdict.hpp"
#include "fairness/observation.hpp"

namespace liveops::fairness {

using core::Detector;
using core::kDetectors;

/// What one check has to say of an event: numbers only, `explanation.hpp` puts them into words.
struct Finding {
  Detector detector = Detector::award_level;
  core::RuleMode mode = core::RuleMode::block;              // shadow: noted, without consequence
  core::VerdictAction action = core::VerdictAction::allow;  // what the rule asks for; allow: only a flag
  Field field = Field::xp;                                  // hard_bound: what is out of bounds
  Channel channel = Channel::progression_xp;                // score: which award
  double observed = 0;                                      // amount; burst and sustained: events in the bucket
  double expected = 0;                                      // bound; bucket size; the player's own usual amount
  double evidence = 0;                                      // score: CUSUM
  double threshold = 0;                                     // score: what the evidence reached
  double peer_quantile = 0;  // score: share of players whose usual amount lies below `observed`
  core::Timestamp until;     // end of the throttle or block; earliest retry for a rate
};

/// The engine's answer on one event.
struct Decision {
  core::VerdictAction action = core::VerdictAction::allow;
  core::Timestamp until;  // of a throttle or block
  bool repeated = false;  // a retry of an event that was counted before
  // Findings in the order of the checks; the last enforced one that is no mere flag is the reason for `action`.
  std::array<Finding, kDetectors> findings{};
  std::size_t count = 0;

  [[nodiscard]] std::span<const Finding> found() const { return {findings.data(), count}; }
  void add(const Finding& finding) { findings[count++] = finding; }
};

}  // namespace liveops::fairness
