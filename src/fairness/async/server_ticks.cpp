#include "fairness/async/server_ticks.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness::async {
namespace {

constexpr double kShortestSeconds = 0.03;
constexpr double kLongestSeconds = 300;
constexpr std::uint32_t kMemory = 256;
constexpr std::uint32_t kEnough = 64;
constexpr float kSteady = 0.15F;  // of ln(interval): people's is about 1

}  // namespace

void ServerTicks::note(TypeClock& clock, std::int64_t occurred_us) {
  const double seconds = static_cast<double>(occurred_us - clock.last_us) / 1e6;
  const bool first = clock.last_us == 0;
  clock.last_us = std::max(clock.last_us, occurred_us);
  if (first || seconds < kShortestSeconds || seconds > kLongestSeconds) return;
  if (clock.learned < kMemory) ++clock.learned;
  const float off = static_cast<float>(std::log(seconds)) - clock.mean;
  const float step = 1 / static_cast<float>(clock.learned);
  clock.mean += step * off;
  clock.variance += step * (off * off * (1 - step) - clock.variance);
}

void ServerTicks::learn(const Player& player, std::uint32_t hour) {
  if (player.suspect != 0) return;
  for (std::size_t type = 0; type < kTypes; ++type) {
    const TypeClock& clock = player.types[type];
    if (clock.learned >= kEnough) spreads_[type].put(player.tag(), std::sqrt(clock.variance), hour);
  }
}

void ServerTicks::refresh(std::size_t least_players) {
  for (std::size_t type = 0; type < kTypes; ++type) {
    spreads_[type].refresh();
    const bool known = spreads_[type].size() >= least_players;
    ticks_[type] = known && spreads_[type].quantile(0.5) < kSteady ? 1 : 0;
  }
}

void ServerTicks::forget(std::uint32_t tag) {
  for (PeerSample& each : spreads_) each.remove(tag);
}

std::size_t ServerTicks::bytes() const {
  std::size_t bytes = 0;
  for (const PeerSample& each : spreads_) bytes += each.bytes();
  return bytes;
}

void ServerTicks::save(Writer& out) const {
  for (const PeerSample& each : spreads_) each.save(out);
  out.put(ticks_);
}

bool ServerTicks::restore(Reader& in) {
  return std::ranges::all_of(spreads_, [&in](PeerSample& each) { return each.restore(in); }) && in.take(ticks_);
}

}  // namespace liveops::fairness::async
