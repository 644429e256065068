#include "fairness/hard_bounds_check.hpp"

#include <algorithm>
#include <limits>

namespace liveops::fairness {

HardBoundsCheck::HardBoundsCheck(const core::HardBoundsRules& rules) : mode_(rules.mode) {
  for (auto& fields : max_) fields.fill(std::numeric_limits<std::int64_t>::max());
  for (const core::BoundRules& bound : rules.bounds) {
    if (const auto field = parse_field(bound.field)) {
      std::int64_t& max = max_[static_cast<std::size_t>(bound.type)][static_cast<std::size_t>(*field)];
      max = std::min(max, bound.max);
    }
  }
}

std::optional<Finding> HardBoundsCheck::judge(const Observation& observation) const {
  if (mode_ == core::RuleMode::off) return std::nullopt;
  const auto& max = max_[static_cast<std::size_t>(observation.type)];
  for (std::size_t i = 0; i < kFields; ++i) {
    if (observation.amounts[i] <= max[i]) continue;
    Finding finding;
    finding.detector = Detector::hard_bound;
    finding.mode = mode_;
    finding.action = core::VerdictAction::block;
    finding.field = static_cast<Field>(i);
    finding.observed = static_cast<double>(observation.amounts[i]);
    finding.expected = static_cast<double>(max[i]);
    return finding;
  }
  return std::nullopt;
}

}  // namespace liveops::fairness
