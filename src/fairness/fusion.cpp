#include "fairness/fusion.hpp"

#include <algorithm>

#include "fairness/timing_check.hpp"

namespace liveops::fairness {
namespace {

core::Detector detector_of_part(std::size_t part) {
  return part < kAccounts ? detector_of(static_cast<Account>(part)) : core::Detector::timing;
}

float weight_of_part(const Terms& terms, std::size_t part) {
  return part < kAccounts ? terms.weights[part] : terms.timing_weight;
}

}  // namespace

EvidenceParts::EvidenceParts(const Terms&, const Population& population, const PlayerState& player) {
  for (std::size_t i = 0; i < kAccounts; ++i) parts[i] = player.evidence[i].value();
  parts[kAccounts] = TimingCheck::evidence(population, player);
}

float EvidenceParts::most() const {
  return *std::max_element(parts.begin(), parts.end());
}

float EvidenceParts::sum(const Terms& terms, core::RuleMode least, core::RuleMode most) const {
  float sum = 0;
  for (std::size_t i = 0; i < kParts; ++i) {
    const core::RuleMode mode = terms.mode(detector_of_part(i));
    if (mode >= least && mode <= most) sum += weight_of_part(terms, i) * parts[i];
  }
  return sum;
}

float EvidenceParts::fused(const Terms& terms, core::VerdictAction action) const {
  return sum(terms, least_mode(action), core::RuleMode::block);
}

float EvidenceParts::shadowed(const Terms& terms) const {
  return sum(terms, core::RuleMode::shadow, core::RuleMode::shadow);
}

core::Detector EvidenceParts::leading(const Terms& terms, core::RuleMode least, core::RuleMode most) const {
  core::Detector leading = core::Detector::award_level;
  float highest = -1;
  for (std::size_t i = 0; i < kParts; ++i) {
    const core::RuleMode mode = terms.mode(detector_of_part(i));
    const float weighted = weight_of_part(terms, i) * parts[i];
    if (mode < least || mode > most || weighted <= highest) continue;
    highest = weighted;
    leading = detector_of_part(i);
  }
  return leading;
}

}  // namespace liveops::fairness
