#pragma once

#include <array>

#include "core/verdict.hpp"
#include "fairness/player_state.hpp"
#include "fairness/population.hpp"
#include "fairness/terms.hpp"

namespace liveops::fairness {

/// All that speaks against a player: the accounts, and what the shape of his intervals says.
struct EvidenceParts {
  EvidenceParts(const Terms& terms, const Population& population, const PlayerState& player);

  /// Weighted average of the parts whose rules may lead to `action` (allow: a flag). A weighted average of e-values is
  /// one under any dependence (Vovk and Wang 2021), so its bar keeps its meaning.
  [[nodiscard]] float fused(const Terms& terms, core::VerdictAction action) const;
  /// The same of the rules that only watch.
  [[nodiscard]] float shadowed(const Terms& terms) const;
  /// The check with most weighted evidence among those that may lead to `action`, or among shadow rules.
  [[nodiscard]] core::Detector leading(const Terms& terms, core::RuleMode least, core::RuleMode most) const;
  /// Nothing reaches more than this.
  [[nodiscard]] float most() const;

  static constexpr std::size_t kParts = kAccounts + 1;
  std::array<float, kParts> parts;

 private:
  [[nodiscard]] float sum(const Terms& terms, core::RuleMode least, core::RuleMode most) const;
};

/// The least mode in which a rule may lead to `action`.
[[nodiscard]] constexpr core::RuleMode least_mode(core::VerdictAction action) {
  constexpr std::array<core::RuleMode, core::kVerdictActions> kLeast{core::RuleMode::flag, core::RuleMode::throttle,
                                                                     core::RuleMode::quarantine, core::RuleMode::block};
  return kLeast[static_cast<std::size_t>(action)];
}

}  // namespace liveops::fairness
