#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fairness/decision.hpp"
#include "fairness/judge.hpp"

namespace liveops::fairness {

/// All that one judgement rested on, of a fixed size: judged again it comes out the same, bit for bit.
struct CaseRecord {
  CaseRecord() = default;
  CaseRecord(const Grounds& grounds, const PlayerState& player, const Observation& event, core::Timestamp now);

  /// Judges the event again.
  [[nodiscard]] Decision judge_again() const;

  PlayerState player{};  // before the event
  Observation event;
  core::Timestamp now;
  Terms terms;
  Limits limits = kNoLimits;
  std::uint8_t may_block = 1;
  Alarm alarm = 0;
  // Of the population, what concerns the event.
  std::array<AwardStats, kLanes> awards{};
  TempoStats tempo;
  // Of progression, by which everybody's winnings are measured.
  AwardStats usual_scores;
  TempoStats usual_tempo;
  TimingStats timing;
  VelocityStats velocity;
  RateStats rates;
  std::array<float, kAccounts> temper{};
  float steps_back = 0;
  std::uint32_t samples = 0;
};

/// As text for a store, and back. nullopt: not of this release.
[[nodiscard]] std::string encode_case(const CaseRecord& record);
[[nodiscard]] std::optional<CaseRecord> decode_case(std::string_view text);

}  // namespace liveops::fairness
