#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "tests/contract/bus/bus_fixture.hpp"
#include "tests/support/servers/child_process.hpp"

namespace liveops::test {

/// Publishes and consumes at the same time, through whatever goes wrong meanwhile, and keeps the books: events are
/// published again until they are stored, as a game server does, and every consumer must receive each of them.
///
/// Threads: one at a time; the bus and its consumers outlive it.
class Traffic {
 public:
  using Numbers = std::set<std::uint32_t>;
  struct Books {
    Numbers stored;
    std::vector<Numbers> received;     // by consumer
    std::size_t failed_publishes = 0;  // envelopes that were not stored at once
    std::size_t failed_receives = 0;
  };

  Traffic(ports::EventBus& bus, const std::vector<ports::EventConsumer*>& consumers)
      : received_(consumers.size()), publisher_([this, &bus] { publish(bus); }) {
    for (std::size_t i = 0; i < consumers.size(); ++i) {
      consumers_.emplace_back([this, consumer = consumers[i], i] { consume(*consumer, i); });
    }
  }
  ~Traffic() { end(); }
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  /// Waits until so many more are stored and so many more have come to every consumer; false when that takes too long.
  bool flows(std::size_t more) {
    const auto stored = stored_count() + more;
    const auto received = received_count() + more;
    return wait_until([&] { return stored_count() >= stored && received_count() >= received; }, kPatience);
  }

  /// Stops publishing and waits until every consumer has what was stored, or that takes too long.
  Books finish() {
    publishing_.store(false);
    publisher_.join();
    static_cast<void>(wait_until([this] { return received_count() >= stored_count(); }, kPatience));
    end();
    return {.stored = stored_,
            .received = received_,
            .failed_publishes = failed_publishes_.load(),
            .failed_receives = failed_receives_.load()};
  }

 private:
  static constexpr std::chrono::milliseconds kPatience{60'000};
  static constexpr std::chrono::milliseconds kWait{500};
  static constexpr std::uint32_t kBatch = 10;

  std::size_t stored_count() {
    const std::lock_guard lock(mutex_);
    return stored_.size();
  }
  /// Of the consumer that has the fewest.
  std::size_t received_count() {
    const std::lock_guard lock(mutex_);
    return std::ranges::min(received_, {}, &Numbers::size).size();
  }

  void publish(ports::EventBus& bus) {
    for (std::uint32_t n = 1; publishing_.load(); n += kBatch) {
      for (auto left = envelopes(n, kBatch); !left.empty() && running_.load();) left = try_publish(bus, left);
    }
  }

  /// What was not stored.
  std::vector<core::Envelope> try_publish(ports::EventBus& bus, const std::vector<core::Envelope>& batch) {
    const auto outcomes = run(bus.publish(ports::Topic::events, batch));
    std::vector<core::Envelope> left;
    {
      const std::lock_guard lock(mutex_);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (outcomes && (*outcomes)[i] == ports::PublishOutcome::stored) {
          stored_.insert(number_of(batch[i]));
        } else {
          left.push_back(batch[i]);
        }
      }
    }
    failed_publishes_.fetch_add(left.size());
    if (!outcomes) std::this_thread::sleep_for(std::chrono::milliseconds(5));  // as a caller that answers 503 does
    return left;
  }

  void consume(ports::EventConsumer& consumer, std::size_t index) {
    while (running_.load()) {
      const auto batch = run(consumer.receive(100, kWait));
      if (!batch) failed_receives_.fetch_add(1);
      if (!batch || batch->empty()) continue;
      {
        const std::lock_guard lock(mutex_);
        for (const auto number : numbers_of(*batch)) received_[index].insert(number);
      }
      static_cast<void>(run(consumer.ack(tags_of(*batch))));  // what fails comes again
    }
  }

  void end() {
    publishing_.store(false);
    running_.store(false);
    if (publisher_.joinable()) publisher_.join();
    consumers_.clear();
  }

  std::mutex mutex_;
  Numbers stored_;
  std::vector<Numbers> received_;
  std::atomic<std::size_t> failed_publishes_{0};
  std::atomic<std::size_t> failed_receives_{0};
  std::atomic<bool> publishing_{true};
  std::atomic<bool> running_{true};
  std::vector<std::jthread> consumers_;
  std::thread publisher_;
};

}  // namespace liveops::test
