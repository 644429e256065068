#include "tests/support/manual_clock.hpp"

namespace liveops::test {

core::Timestamp ManualClock::now() const {
  return core::Timestamp(std::chrono::microseconds(us_.load()));
}
void ManualClock::set(core::Timestamp time) {
  us_.store(time.time_since_epoch().count());
}
void ManualClock::advance(std::chrono::microseconds by) {
  us_.fetch_add(by.count());
}

}  // namespace liveops::test
