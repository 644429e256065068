#include "progression/inbox_sweep.hpp"

namespace liveops::progression {

InboxSweep::InboxSweep(ports::ProgressStore& store, ports::RewardStore& rewards, const core::Clock& clock,
                       Counters& counters, ports::Log& log, std::chrono::days retention)
    : store_(store), rewards_(rewards), clock_(clock), counters_(counters), log_(log), retention_(retention) {}

boost::asio::awaitable<void> InboxSweep::sweep() {
  const core::Timestamp before = clock_.now() - retention_;
  co_await forget_judged(before);
  while (true) {
    const auto forgotten = co_await store_.forget_events(before, kStep);
    if (!forgotten) {
      log_.warn("cannot clean up the inbox", {{"error", forgotten.error().message}});
      co_return;
    }
    counters_.forgotten.add(static_cast<double>(*forgotten));
    if (*forgotten < kStep) co_return;
  }
}

boost::asio::awaitable<void> InboxSweep::forget_judged(core::Timestamp before) {
  const auto forgotten = co_await rewards_.forget_judged(before, kStep);
  if (!forgotten) log_.warn("cannot clean up old changes of standing", {{"error", forgotten.error().message}});
}

}  // namespace liveops::progression
