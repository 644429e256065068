#include "simulation/world.hpp"

#include <limits>

namespace liveops::simulation {
namespace {

constexpr Seconds kNever = std::numeric_limits<Seconds>::infinity();

Seconds day_or_never(double day) {
  return day > 0 ? day * kDay : kNever;
}

}  // namespace

World::World(const Parameters& parameters)
    : outage_from_(day_or_never(parameters.outage_day)),
      outage_to_(outage_from_ + parameters.outage_s),
      backlog_(parameters.backlog_s),
      double_from_(day_or_never(parameters.double_xp_day)),
      patched_from_(day_or_never(parameters.patch_day)),
      patch_tempo_(parameters.patch_tempo),
      patch_award_(parameters.patch_award) {}

double World::award_factor(Seconds at, bool boss) const {
  double factor = at >= double_from_ && at < double_from_ + kDay ? 2 : 1;
  if (boss && at >= patched_from_) factor *= patch_award_;
  return factor;
}

double World::tempo_factor(Seconds at) const {
  return at >= patched_from_ ? patch_tempo_ : 1;
}

Seconds World::gets_out(Seconds at, double place) const {
  return at >= outage_from_ && at < outage_to_ ? outage_to_ + place * backlog_ : at;
}

}  // namespace liveops::simulation
