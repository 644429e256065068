#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/bus_inmem/dead_letter_box.hpp"
#include "core/time.hpp"
#include "ports/event_bus.hpp"
#include "runtime/delivery_ledger.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_inmem {

struct Options {
  std::size_t max_messages = 1'000'000;  // that one group has not acked
  std::size_t max_body_bytes = 1024 * 1024;
  std::size_t max_in_flight = 10'000;  // of one group
  std::size_t max_dead_letters = 10'000;
  std::chrono::milliseconds visibility{30'000};

  // How nasty to be; all within what the port allows.
  std::uint32_t redeliver_every = 0;            // each n-th ack is lost, n > 1; 0: none
  std::uint32_t deliver_times = 1;              // acks that a message needs before it is gone
  std::optional<std::uint32_t> shuffle_seed{};  // hand out in a random order
};

/// Failures that a test has ordered. Threads: any.
struct Faults {
  std::atomic<int> publishes{0};
  std::atomic<int> acks{0};
  /// True when one of `count` was left; takes it.
  [[nodiscard]] static bool take(std::atomic<int>& count);
};

/// A consumer group of one topic; its members are guarded by the topic, but for the signal.
struct Group {
  Group(std::string group_name, std::uint64_t position, std::size_t max_in_flight)
      : name(std::move(group_name)), ledger(position, position, {.max_in_flight = max_in_flight}) {}
  std::string name;
  runtime::DeliveryLedger ledger;
  runtime::Signal signal;                                 // something can be received, or a member was closed
  std::unordered_map<std::uint64_t, std::uint32_t> acks;  // of messages that need several
};

/// One stream: a log of messages in memory, and where each group stands in it. What all groups have acked is dropped.
///
/// Threads: any.
class Topic {
 public:
  Topic(ports::Topic name, const core::Clock& clock, const Options& options);

  [[nodiscard]] std::vector<ports::PublishOutcome> publish(std::vector<core::Envelope> envelopes);
  /// Adds a message that only `group` sees; false at its bound.
  [[nodiscard]] bool publish_to(const std::string& group, core::Envelope envelope);

  [[nodiscard]] Group& group(const std::string& name);
  [[nodiscard]] std::uint32_t next_holder();

  /// `wait_at_most`: until the next redelivery is due, where nothing could be given.
  [[nodiscard]] std::vector<ports::Delivery> take(Group& group, std::size_t max, std::uint32_t holder,
                                                  std::chrono::microseconds& wait_at_most);
  void ack(Group& group, std::span<const std::string> tags);
  void nack(Group& group, std::span<const std::string> tags, std::chrono::milliseconds delay);
  void extend(Group& group, std::span<const std::string> tags);
  [[nodiscard]] core::Status dead_letter(Group& group, ports::Delivery delivery, std::string reason,
                                         DeadLetterBox& dead);
  void release(Group& group, std::uint32_t holder);
  [[nodiscard]] ports::Backlog backlog(Group& group);

 private:
  struct Stored {
    core::Envelope envelope;
    core::Timestamp published_at;
  };

  [[nodiscard]] bool has_room() const;
  void append(core::Envelope envelope);
  void wake_all();
  [[nodiscard]] std::vector<runtime::Handout> choose(Group& group, std::size_t max, std::uint32_t holder);
  void ack_one(Group& group, runtime::Handout handout);
  void trim();

  const ports::Topic name_;
  const core::Clock& clock_;
  const Options options_;
  std::mutex mutex_;
  std::deque<Stored> log_;  // of base_, base_ + 1, ...
  std::uint64_t base_ = 0;
  std::map<std::string, std::unique_ptr<Group>> groups_;
  std::uint32_t holders_ = 0;
  std::uint64_t acks_ = 0;
  std::minstd_rand random_;
};

}  // namespace liveops::adapters::bus_inmem
