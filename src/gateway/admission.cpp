#include "gateway/admission.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "gateway/intake.hpp"

namespace liveops::gateway {

namespace asio = boost::asio;

namespace {

template <class T>
const core::Error* error_of(const core::Result<T>& result) {
  return result ? nullptr : &result.error();
}

}  // namespace

Admission::Admission(ports::IdempotencyStore& keys, FairnessGate& fairness, ports::EventBus& bus, Counters& counters,
                     ports::Log& log)
    : keys_(keys), fairness_(fairness), bus_(bus), counters_(counters), log_(log) {}

asio::awaitable<std::vector<Decision>> Admission::admit(std::vector<core::Event> events, core::Timestamp now) {
  Intake intake(std::move(events), keys_, co_await asio::this_coro::executor);
  const auto reserved = co_await intake.reserve(now);
  if (!reserved) {
    note(keys_work_, error_of(reserved), "idempotency store");
    co_return intake.take_decisions();
  }
  if (intake.has_open()) intake.judge(co_await fairness_.check(intake.prepare()));
  if (intake.has_open()) {
    const auto published = co_await bus_.publish(ports::Topic::events, intake.take_envelopes());
    note(bus_works_, error_of(published), "event bus");
    intake.conclude(published);
  }
  const auto kept = co_await intake.settle(now);
  note(keys_work_, error_of(kept), "idempotency store");
  auto decisions = intake.take_decisions();
  if (!kept) {
    const auto accepted = std::ranges::count(decisions, Outcome::accepted, &Decision::outcome);
    counters_.idempotency_failures.add(static_cast<double>(accepted));
  }
  co_return decisions;
}

void Admission::note(std::atomic<bool>& works, const core::Error* error, std::string_view what) {
  if (error == nullptr) {
    if (!works.load(std::memory_order_relaxed) && !works.exchange(true)) {
      log_.info("dependency works again", {{"dependency", what}});
    }
    return;
  }
  if (works.exchange(false)) {
    log_.warn("dependency fails", {{"dependency", what},
                                   {"error", core::to_string(error->code)},
                                   {"message", std::string_view(error->message)},
                                   {"detail", std::string_view(error->detail)}});
  }
}

}  // namespace liveops::gateway
