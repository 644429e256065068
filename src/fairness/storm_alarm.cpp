#include "fairness/storm_alarm.hpp"

#include "fairness/storm_watch.hpp"

namespace liveops::fairness {
namespace {

constexpr std::int64_t kWindowUs = 2'000'000;
constexpr std::int64_t kHoldsUs = 15'000'000;  // until the watch has had its turn

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

Alarm StormAlarm::at(std::int64_t now_us) const {
  Alarm alarm = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i].until_us.load(std::memory_order_relaxed) > now_us) alarm |= static_cast<Alarm>(1U << i);
  }
  return alarm;
}

}  // namespace liveops::fairness
