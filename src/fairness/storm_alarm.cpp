#include "fairness/storm_alarm.hpp"

#include <algorithm>

#include "fairness/storm_watch.hpp"

namespace liveops::fairness {
namespace {

constexpr std::int64_t kWindowUs = 2'000'000;
constexpr std::int64_t kHoldsUs = 15'000'000;  // until the watch has had its turn
constexpr std::uint32_t kFewestSuspects = 4;

}  // namespace

void StormAlarm::Count::add(float score, std::int64_t now_us) {
  const auto met = static_cast<float>(all.fetch_add(1, std::memory_order_relaxed) + 1);
  if (score <= StormWatch::kHigh) return;
  const auto rose = static_cast<float>(high.fetch_add(1, std::memory_order_relaxed) + 1);
  if (StormWatch::is_rise(rose, met)) until_us.store(now_us + kHoldsUs, std::memory_order_relaxed);
}

void StormAlarm::add(const Sample& sample, std::int64_t now_us) {
  if (!sample.judged) return;
  if (now_us - from_us_.load(std::memory_order_relaxed) > kWindowUs) {
    from_us_.store(now_us, std::memory_order_relaxed);
    for (Count& count : counts_) {
      count.all.store(0, std::memory_order_relaxed);
      count.high.store(0, std::memory_order_relaxed);
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (sample.x[lane] != 0) counts_[lane].add(sample.score[lane], now_us);
  }
  if (sample.timed) counts_[kLanes].add(sample.tempo_score, now_us);
}

void StormAlarm::Recent::turn(bool next) {
  before.store(next ? now.load(std::memory_order_relaxed) : 0, std::memory_order_relaxed);
  now.store(0, std::memory_order_relaxed);
}

void StormAlarm::turn_window(std::int64_t now_us, std::int64_t window_us) {
  const std::int64_t window = now_us / window_us;
  const std::int64_t before = window_.load(std::memory_order_relaxed);
  if (window == before) return;
  window_.store(window, std::memory_order_relaxed);
  players_.turn(window == before + 1);
  for (Count& count : counts_) count.suspects.turn(window == before + 1);
}

void StormAlarm::met(std::int64_t now_us, std::int64_t window_us) {
  turn_window(now_us, window_us);
  players_.add();
}

void StormAlarm::suspected(Alarm of, std::int64_t now_us, std::int64_t window_us) {
  turn_window(now_us, window_us);
  const std::uint32_t players = std::max(players_.now.load(std::memory_order_relaxed), players_.last());
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if ((of >> i & 1U) == 0) continue;
    Recent& suspects = counts_[i].suspects;
    const std::uint32_t all = suspects.add() + suspects.last();
    if (all < kFewestSuspects || 5 * all < players) continue;
    counts_[i].until_us.store(now_us + kHoldsUs, std::memory_order_relaxed);
  }
}

Alarm StormAlarm::at(std::int64_t now_us) const {
  Alarm alarm = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i].until_us.load(std::memory_order_relaxed) > now_us) alarm |= static_cast<Alarm>(1U << i);
  }
  return alarm;
}

}  // namespace liveops::fairness
