#include "fairness/catalogue.hpp"

#include <algorithm>

namespace liveops::fairness {

Catalogue::Catalogue(const core::HardBoundsRules& rules) {
  wide_.fill(kNoLimits);
  for (const core::BoundRules& bound : rules.bounds) {
    const auto field = parse_field(bound.field);
    if (!field) continue;
    const bool any_level = bound.level_from <= 1 && bound.level_to >= core::BoundRules::kMaxLevel;
    if (!bound.boss_id && any_level) {
      std::int64_t& max = wide_[static_cast<std::size_t>(bound.type)][static_cast<std::size_t>(*field)];
      max = std::min(max, bound.max);
      continue;
    }
    narrow_.push_back({.type = bound.type,
                       .field = *field,
                       .boss = bound.boss_id ? boss_tag(bound.boss_id->str()) : 0,
                       .level_from = any_level ? 0 : std::max(1, bound.level_from),
                       .level_to = bound.level_to,
                       .max = bound.max});
  }
}

Limits Catalogue::limits(const Observation& event) const {
  Limits limits = wide_[static_cast<std::size_t>(event.type)];
  for (const Narrow& bound : narrow_) {
    if (bound.type != event.type || (bound.boss != 0 && bound.boss != event.boss)) continue;
    if (event.level < bound.level_from || event.level > bound.level_to) continue;
    std::int64_t& max = limits[static_cast<std::size_t>(bound.field)];
    max = std::min(max, bound.max);
  }
  return limits;
}

}  // namespace liveops::fairness
