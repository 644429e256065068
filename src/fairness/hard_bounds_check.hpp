#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/rules.hpp"
#include "fairness/decision.hpp"
#include "fairness/observation.hpp"

namespace liveops::fairness {

/// Amounts that the game cannot give. The one check that blocks on its own.
///
/// Threads: any (const). Bounds on fields that do not exist are ignored: the rules file's reader refuses them.
class HardBoundsCheck {
 public:
  explicit HardBoundsCheck(const core::HardBoundsRules& rules);
  [[nodiscard]] std::optional<Finding> judge(const Observation& observation) const;

 private:
  core::RuleMode mode_;
  std::array<std::array<std::int64_t, kFields>, core::kEventTypes> max_;
};

}  // namespace liveops::fairness
