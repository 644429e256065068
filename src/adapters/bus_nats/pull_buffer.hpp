#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_nats {

/// A message that came, and what it says of itself.
struct Arrival {
  ports::Delivery delivery;
  std::uint64_t sequence = 0;  // in the stream
  bool readable = true;        // false: not one of ours; the body is what came
  std::chrono::steady_clock::time_point came_at;
};

/// The book of one consumer: the pull that is under way, what came and was not taken yet, what was taken and is not
/// done with. Knows no network.
///
/// Threads: one at a time.
class PullBuffer {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// What is not done with within `visibility` the server hands out again: then it is forgotten here.
  explicit PullBuffer(std::chrono::milliseconds visibility) : visibility_(visibility) {}

  /// A new pull for up to `messages`; gives its number. One before it that has not ended may still bring some, which
  /// counts as brought by the new one: what that brings in excess is kept for the next.
  std::uint64_t begin_pull(std::size_t messages);
  /// What a pull brought.
  void add(Arrival arrival);
  /// It brought one that is not for us.
  void skip();
  /// Pull `pull` will bring no more.
  void end_pull(std::uint64_t pull);
  void end_every_pull() { open_ = 0; }
  [[nodiscard]] bool is_pulling() const { return open_ > 0; }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  /// Takes up to `max`, oldest first, but those that came too long ago.
  [[nodiscard]] std::vector<Arrival> take(std::size_t max, Instant now);
  void done(std::uint64_t sequence) { taken_.erase(sequence); }
  void extended(std::uint64_t sequence, Instant now);
  /// The tags of everything that is not done with, taken or not; the book is empty then.
  [[nodiscard]] std::vector<std::string> release(Instant now);

 private:
  struct Taken {
    std::string tag;
    Instant since;
  };
  void forget_old(Instant now);

  const std::chrono::milliseconds visibility_;
  std::uint64_t last_pull_ = 0;
  std::size_t open_ = 0;  // messages that the last pull may still bring
  std::deque<Arrival> waiting_;
  std::unordered_map<std::uint64_t, Taken> taken_;
  Instant swept_at_;
};

}  // namespace liveops::adapters::bus_nats
