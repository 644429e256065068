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

/// What one check has to say of an event: numbers only, of a fixed size; `explanation.hpp` puts them into words.
struct Finding {
  Detector detector = Detector::award_level;
  core::RuleMode mode = core::RuleMode::block;              // of the rule: shadow is noted, without consequence
  core::VerdictAction action = core::VerdictAction::allow;  // what is asked for; allow: only a flag
  Field field = Field::xp;                                  // the amount that was judged
  bool governed = false;     // a block that became a throttle, because there were too many of them
  bool continued = false;    // a throttle under way: earlier events led to it
  std::uint8_t band = 0;     // of peers
  bool second = false;       // a flag as on another day before, and therefore more than a flag
  bool steady = false;       // timing: for intervals that do not change, not for their shape
  double observed = 0;       // amount; seconds between events; events in the bucket; steps; seconds; divergence
  double expected = 0;       // bound; the player's own usual amount or interval; size of the bucket
  float evidence = 0;        // R: one such in that many events of honest players
  float threshold = 0;       // what R reached
  float peer_quantile = 0;   // share of peers' amounts or intervals beyond which it lies
  std::uint32_t events = 0;  // of the player, counted
  std::uint32_t since = 0;   // number of the event with which the evidence began
  core::Timestamp until{};   // end of the throttle or block; earliest retry for a rate
};
static_assert(sizeof(Finding) <= 64, "explanations are records of 64 bytes");

/// The engine's answer on one event.
struct Decision {
  // quarantine: the event passes, and the player is to be quarantined.
  core::VerdictAction action = core::VerdictAction::allow;
  bool repeated = false;  // a retry of an event that was counted before
  std::uint8_t count = 0;
  core::Timestamp until;  // of a throttle or block
  // In the order of the checks; the last one is the reason for `action` when that is no `allow`.
  static constexpr std::size_t kMost = 6;
  std::array<Finding, kMost> findings{};

  [[nodiscard]] std::span<const Finding> found() const { return {findings.data(), count}; }
  void add(const Finding& finding) {
    if (count < kMost) findings[count++] = finding;
  }
  /// The finding that `action` rests on. Requires: there is one.
  [[nodiscard]] const Finding& reason() const { return findings[count - 1]; }
  [[nodiscard]] Finding& reason() { return findings[count - 1]; }
};

}  // namespace liveops::fairness
