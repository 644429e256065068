#pragma once

#include <array>
#include <cstdint>

#include "core/rules.hpp"
#include "core/verdict.hpp"
#include "fairness/player_state.hpp"

namespace liveops::fairness {

/// The policy as plain numbers, ready to judge by. All but the catalogue's bounds: those are found for each event.
struct Terms {
  explicit Terms(const core::FairnessRules& rules);
  Terms() = default;

  [[nodiscard]] core::RuleMode mode(core::Detector detector) const { return modes[static_cast<std::size_t>(detector)]; }
  [[nodiscard]] float weight(Account account) const { return weights[static_cast<std::size_t>(account)]; }

  std::array<core::RuleMode, core::kDetectors> modes{};
  std::array<float, kAccounts> weights{};              // sum 1 over those that are not off
  float timing_weight = 0;                             // beside them
  std::array<float, core::kVerdictActions> once_in{};  // by action; allow: a flag
  float burst_per_second = 12;
  float burst_size = 60;
  float sustained_per_second = 2.2F;
  float sustained_credit = 1500;
  bool adapt = true;
  float throttle_share = 0.25F;
  std::int64_t max_step_back = 128;
  std::int64_t max_ahead_us = 0;
  std::int64_t max_behind_us = 0;
  std::int64_t longest_play_s = 0;
  std::int64_t play_pause_us = 0;
  std::int64_t throttle_first_s = 60;
  std::int64_t throttle_max_s = 600;
  std::int64_t block_first_s = 900;
  std::int64_t block_max_s = 900;
  float decay_a_minute = 1;  // of evidence
  bool quarantine_second_flag = true;
  std::uint32_t min_players = 0;
  std::uint32_t min_own_events = 0;
  std::array<std::int32_t, core::PopulationRules::kMaxBands> level_bands{};
  std::uint32_t bands = 0;  // 0: by events played

  [[nodiscard]] std::size_t band_of(std::int32_t level, std::uint32_t events) const;
};

/// The strongest action that a rule may lead to; `allow` for a flag, and for those that lead to nothing.
[[nodiscard]] constexpr core::VerdictAction asked_by(core::RuleMode mode) {
  switch (mode) {
    case core::RuleMode::throttle:
      return core::VerdictAction::throttle;
    case core::RuleMode::quarantine:
      return core::VerdictAction::quarantine;
    case core::RuleMode::block:
      return core::VerdictAction::block;
    default:
      return core::VerdictAction::allow;
  }
}

/// Which check an account of evidence belongs to.
[[nodiscard]] constexpr core::Detector detector_of(Account account) {
  constexpr std::array<core::Detector, kAccounts> kDetectorOf{
      core::Detector::tempo,      core::Detector::award_level, core::Detector::award_level, core::Detector::award_tail,
      core::Detector::award_tail, core::Detector::velocity,    core::Detector::timing};
  return kDetectorOf[static_cast<std::size_t>(account)];
}

}  // namespace liveops::fairness
