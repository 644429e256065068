#include "fairness/async/watch.hpp"

#include <utility>
#include <vector>

namespace liveops::fairness::async {
namespace {

namespace asio = boost::asio;

constexpr const char* kDuty = "fairness async";
constexpr std::chrono::seconds kPatience{1};  // when the bus was away

}  // namespace

Watch::Watch(With with)
    : with_(std::move(with)),
      on_duty_gauge_(with_.metrics.gauge("liveops_fairness_async_on_duty",
                                         "Whether this replica is the one that reads the stream for the slower tier.",
                                         {})) {}

asio::awaitable<void> Watch::run() {
  while (!stopping_.load()) {
    const auto seen = changed_.version();
    if (on_duty_.load()) {
      co_await read_stream();
    } else {
      co_await changed_.wait(seen, kPatience);
    }
  }
}

asio::awaitable<void> Watch::read_stream() {
  const auto seen = changed_.version();
  auto consumer = co_await with_.bus.open_consumer(ports::Topic::events, std::string(Tier::kGroup));
  if (!consumer) {
    with_.log.warn("the slower tier of fairness cannot read the bus: " + consumer.error().message);
    co_await changed_.wait(seen, kPatience);
    co_return;
  }
  runtime::BatchConsumer batches(
      **consumer, [this](const std::vector<ports::Delivery>& batch) { return with_.tier.handle(batch); },
      {.group = std::string(Tier::kGroup)}, with_.log, with_.metrics);
  {
    const std::lock_guard lock(mutex_);
    reading_ = &batches;
  }
  if (!on_duty_.load() || stopping_.load()) batches.stop();
  co_await batches.run();
  {
    const std::lock_guard lock(mutex_);
    reading_ = nullptr;
  }
  changed_.notify();
}

asio::awaitable<void> Watch::wait_for_the_last_batch() {
  for (;;) {
    const auto seen = changed_.version();
    {
      const std::lock_guard lock(mutex_);
      if (reading_ == nullptr) co_return;
    }
    co_await changed_.wait(seen, kPatience);
  }
}

asio::awaitable<void> Watch::keep() {
  for (int step = 0; !stopping_.load(); ++step) {
    const auto seen = changed_.version();
    if (step % with_.pace.renew_every == 0) co_await renew_lease();
    if (on_duty_.load()) {
      co_await with_.tier.step();
      if (step % with_.pace.save_every == with_.pace.save_every - 1) co_await save();
    }
    if (!stopping_.load()) co_await changed_.wait(seen, with_.pace.step);
  }
  if (!on_duty_.load()) co_return;
  co_await wait_for_the_last_batch();
  co_await save();
  if (const auto released = co_await with_.leases.release(kDuty, with_.holder); !released) {
    with_.log.debug("the lease of the slower tier runs out by itself: " + released.error().message);
  }
}

asio::awaitable<void> Watch::renew_lease() {
  const bool had = on_duty_.load();
  const auto held = co_await (had ? with_.leases.renew(claim()) : with_.leases.acquire(claim()));
  const bool has = held && *held;
  if (had == has) co_return;
  if (has) co_await with_.tier.load(with_.checkpoints);
  with_.log.info(has ? "the slower tier of fairness reads the stream here"
                     : "another replica reads the stream for the slower tier of fairness, or nobody knows who");
  set_duty(has);
}

void Watch::set_duty(bool on_duty) {
  on_duty_.store(on_duty);
  on_duty_gauge_.set(on_duty ? 1 : 0);
  if (!on_duty) {
    const std::lock_guard lock(mutex_);
    if (reading_ != nullptr) reading_->stop();
  }
  changed_.notify();
}

asio::awaitable<void> Watch::save() {
  co_await renew_lease();  // another may have taken over while this process stood still
  if (!on_duty_.load()) co_return;
  const auto saved = co_await with_.tier.save(with_.checkpoints);
  if (!saved && !std::exchange(save_failed_, true)) {
    with_.log.warn("what the slower tier of fairness knows cannot be saved: " + saved.error().message);
  }
  if (saved && std::exchange(save_failed_, false)) with_.log.info("what the slower tier knows is saved again");
}

void Watch::stop() {
  stopping_.store(true);
  {
    const std::lock_guard lock(mutex_);
    if (reading_ != nullptr) reading_->stop();
  }
  changed_.notify();
}

ports::LeaseClaim Watch::claim() const {
  return {.name = kDuty, .holder = with_.holder, .ttl = kTerm};
}

ports::Task<void> Watch::check() {
  const std::lock_guard lock(mutex_);
  co_return reading_ == nullptr ? core::Status{} : reading_->last_outcome();
}

}  // namespace liveops::fairness::async
