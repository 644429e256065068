#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/event.hpp"
#include "core/rules.hpp"
#include "fairness/observation.hpp"

namespace liveops::fairness {

/// The most that each amount of one event may be.
using Limits = std::array<std::int64_t, kFields>;
inline constexpr Limits kNoLimits{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max(),
                                  std::numeric_limits<std::int64_t>::max()};

/// The title's catalogue: what the game cannot give, per event type, boss and level band.
///
/// Threads: any (const). Bounds on fields that do not exist are ignored: the rules file's reader refuses them.
class Catalogue {
 public:
  explicit Catalogue(const core::HardBoundsRules& rules);

  /// The strictest bound of each amount. Complexity: O(bounds that depend on boss or level).
  [[nodiscard]] Limits limits(const Observation& event) const;

 private:
  struct Narrow {
    core::EventType type;
    Field field;
    std::uint32_t boss;  // hash of its id; 0: any
    std::int32_t level_from;
    std::int32_t level_to;
    std::int64_t max;
  };

  std::array<Limits, core::kEventTypes> wide_;
  std::vector<Narrow> narrow_;
};

}  // namespace liveops::fairness
