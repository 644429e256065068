#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/bus_local/segment.hpp"
#include "ports/event_bus.hpp"
#include "runtime/delivery_ledger.hpp"
#include "runtime/signal.hpp"

namespace liveops::adapters::bus_local {

/// Where one consumer group stands in a topic. `name` and `signal` are free to use, the rest under `mutex`.
struct Group {
  Group(std::string group_name, std::uint64_t position, std::uint64_t head, runtime::DeliveryLedger::Limits limits)
      : name(std::move(group_name)), ledger(position, head, limits) {}
  const std::string name;
  runtime::Signal signal;  // something can be received, or a member was closed
  std::mutex mutex;
  runtime::DeliveryLedger ledger;
  std::uint32_t holders = 0;
};

/// What is kept in memory of one topic: the newest segments, and its groups.
///
/// Threads: any; `append` and `add_group` one at a time (the journal's).
class TopicLog {
 public:
  TopicLog(ports::Topic topic, std::size_t max_in_flight, std::size_t max_cached_bytes);

  /// Before anything else, with what the file holds.
  void restore(std::uint64_t head, std::map<std::uint64_t, std::string> addressed);

  [[nodiscard]] ports::Topic topic() const { return topic_; }
  [[nodiscard]] std::uint64_t head() const { return head_.load(); }

  /// These are stored: groups see them from now on.
  void append(std::span<const SharedSegment> segments);
  /// Makes the group unless it is there.
  void add_group(const std::string& name, std::uint64_t position);
  [[nodiscard]] Group* find_group(const std::string& name);
  /// The segment that holds `offset`, if it is in memory.
  [[nodiscard]] SharedSegment cached(std::uint64_t offset) const;
  [[nodiscard]] std::map<std::string, std::uint64_t> positions() const;
  /// Every group has passed what lies below `offset`.
  void forget_below(std::uint64_t offset);

 private:
  const ports::Topic topic_;
  const runtime::DeliveryLedger::Limits limits_;
  const std::size_t max_cached_bytes_;
  std::atomic<std::uint64_t> head_{0};
  mutable std::mutex mutex_;  // before a group's
  std::deque<SharedSegment> tail_;
  std::size_t cached_bytes_ = 0;
  std::map<std::uint64_t, std::string> addressed_;  // messages for one group only
  std::map<std::string, std::unique_ptr<Group>> groups_;
};

}  // namespace liveops::adapters::bus_local
