#include "adapters/http/refusal_pacer.hpp"

#include <algorithm>

namespace liveops::adapters::http {

RefusalPacer::RefusalPacer(Options options)
    : interval_(std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / options.per_second))),
      tolerance_(interval_ * options.burst),
      max_hold_(options.max_hold) {}

RefusalPacer::Clock::duration RefusalPacer::next_hold(Clock::time_point now) {
  theoretical_arrival_ = std::max(theoretical_arrival_, now) + interval_;
  // Never further ahead than somebody is made to wait: it is over soon after the refusals are.
  theoretical_arrival_ = std::min(theoretical_arrival_, now + tolerance_ + max_hold_);
  return std::max(theoretical_arrival_ - now - tolerance_, Clock::duration::zero());
}

}  // namespace liveops::adapters::http
