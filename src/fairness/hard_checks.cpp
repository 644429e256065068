#include "fairness/hard_checks.hpp"

#include <algorithm>
#include <chrono>

namespace liveops::fairness {
namespace {

constexpr float kUsualStepsBack = 0.02F;  // share of players
constexpr double kMicro = 1e-6;

Finding finding_of(const Terms& terms, Detector detector) {
  Finding finding;
  finding.detector = detector;
  finding.mode = terms.mode(detector);
  finding.action = asked_by(finding.mode);
  return finding;
}

bool is_off(const Terms& terms, Detector detector) {
  return terms.mode(detector) == core::RuleMode::off;
}

}  // namespace

std::optional<Finding> BoundsCheck::judge(const Terms& terms, const Limits& limits, const Observation& event) {
  if (is_off(terms, Detector::hard_bound)) return std::nullopt;
  for (std::size_t i = 0; i < kFields; ++i) {
    if (event.amounts[i] <= limits[i]) continue;
    Finding finding = finding_of(terms, Detector::hard_bound);
    if (finding.mode == core::RuleMode::shadow) finding.action = core::VerdictAction::block;
    finding.field = static_cast<Field>(i);
    finding.observed = static_cast<double>(event.amounts[i]);
    finding.expected = static_cast<double>(limits[i]);
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> SequenceCheck::judge(const Terms& terms, const Population& population, PlayerState& player,
                                            const Observation& event) {
  if (event.seq < 0 || is_off(terms, Detector::sequence)) return std::nullopt;
  const auto seq = static_cast<std::uint32_t>(event.seq);
  const std::int64_t back = static_cast<std::int32_t>(player.seq - seq);  // counters go round
  if (player.events == 0 || back < 0) {
    player.seq = seq;
    return std::nullopt;
  }
  if (back <= terms.max_step_back) return std::nullopt;
  player.seq = seq;  // a game installed anew begins anew, and is not to be held up for it for ever
  player.stepped_back = 1;
  if (population.steps_back > kUsualStepsBack || population.samples == 0) return std::nullopt;
  Finding finding = finding_of(terms, Detector::sequence);
  finding.observed = static_cast<double>(back);
  finding.expected = static_cast<double>(terms.max_step_back);
  return finding;
}

std::optional<Finding> ClockCheck::judge(const Terms& terms, const Observation& event) {
  if (is_off(terms, Detector::clock)) return std::nullopt;
  const bool ahead = event.skew_us > terms.max_ahead_us;
  if (!ahead && -event.skew_us <= terms.max_behind_us) return std::nullopt;
  Finding finding = finding_of(terms, Detector::clock);
  finding.observed = static_cast<double>(event.skew_us) * kMicro;
  finding.expected = static_cast<double>(ahead ? terms.max_ahead_us : -terms.max_behind_us) * kMicro;
  return finding;
}

std::optional<Finding> UnbrokenCheck::judge(const Terms& terms, PlayerState& player, core::Timestamp now) {
  if (is_off(terms, Detector::unbroken)) return std::nullopt;
  const std::int64_t now_us = now.time_since_epoch().count();
  const auto now_s = static_cast<std::uint32_t>(now_us / 1'000'000);
  if (player.last_us == 0 || now_us - player.last_us >= terms.play_pause_us) {
    player.active_since_s = now_s;
    player.long_noted = 0;
    return std::nullopt;
  }
  const std::int64_t played_s = std::int64_t{now_s} - player.active_since_s;
  if (player.long_noted != 0 || played_s <= terms.longest_play_s) return std::nullopt;
  player.long_noted = 1;
  Finding finding = finding_of(terms, Detector::unbroken);
  finding.action = core::VerdictAction::allow;
  finding.events = player.events;
  finding.observed = static_cast<double>(played_s);
  finding.expected = static_cast<double>(terms.longest_play_s);
  return finding;
}

}  // namespace liveops::fairness
