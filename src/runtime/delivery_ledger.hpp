#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace liveops::runtime {

/// One message as handed out: its place in the log and which attempt this is.
struct Handout {
  std::uint64_t offset = 0;
  std::uint32_t attempt = 1;
  friend bool operator==(const Handout&, const Handout&) = default;
};

/// The tag of a delivery, short enough to need no allocation: offset and attempt in hexadecimal.
[[nodiscard]] std::string to_tag(Handout handout);
/// nullopt: not a tag of `to_tag`.
[[nodiscard]] std::optional<Handout> parse_tag(std::string_view tag);

/// What one consumer group has received and acked of a log whose messages are numbered without gaps.
///
/// Everything below `position` is acked. Above it the ledger remembers each message that was handed out: acked, in
/// flight until its visibility ends, or waiting for its redelivery. Memory is bounded by `max_span`, at 24 bytes each.
/// Deterministic; time is an argument. Threads: one at a time.
class DeliveryLedger {
 public:
  struct Limits {
    std::size_t max_in_flight = 10'000;  // beyond it `take` gives nothing more
    std::size_t max_span = 160'000;      // from the lowest message not acked to the highest handed out
  };

  DeliveryLedger(std::uint64_t position, std::uint64_t head, Limits limits);

  /// The log now ends before `head`.
  void grow_to(std::uint64_t head) { head_ = std::max(head_, head); }
  /// This message is not for the group: as if acked.
  void skip(std::uint64_t offset);

  /// Hands out up to `max`: first what is due again, then new ones, in order. `holder` names who gets them.
  /// Complexity: O(max log n).
  [[nodiscard]] std::vector<Handout> take(std::size_t max, core::Timestamp now, std::chrono::microseconds visibility,
                                          std::uint32_t holder);
  /// Takes back a handout that never reached a consumer: due at once, with the attempt it had.
  void put_back(Handout handout, core::Timestamp now);

  /// These do nothing when the handout is no longer the current one of its message (it ran out and went to another).
  bool ack(Handout handout);
  bool nack(Handout handout, core::Timestamp due);
  bool extend(Handout handout, core::Timestamp until);
  /// Everything that `holder` has in flight is due now.
  void release(std::uint32_t holder, core::Timestamp now);

  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] std::uint64_t backlog() const { return head_ - position_ - acked_above_ - skipped_.size(); }
  /// When the next redelivery is due, if one is pending.
  [[nodiscard]] std::optional<core::Timestamp> next_due();

 private:
  enum class State : std::uint8_t { acked, in_flight, delayed };
  struct Slot {
    core::Timestamp due;
    std::uint32_t attempt = 0;
    std::uint32_t holder : 24 = 0;
    State state : 8 = State::acked;
  };
  struct Due {
    core::Timestamp at;
    std::uint64_t offset = 0;
    friend bool operator<(const Due& a, const Due& b) { return a.at > b.at; }  // a heap with the earliest on top
  };

  [[nodiscard]] Slot* current(Handout handout);
  [[nodiscard]] bool is_stale(const Due& due) const;
  void hand_out(std::uint64_t offset, Slot& slot, core::Timestamp until, std::uint32_t holder,
                std::vector<Handout>& out);
  void take_due(std::size_t max, core::Timestamp now, core::Timestamp until, std::uint32_t holder,
                std::vector<Handout>& out);
  void schedule(std::uint64_t offset, core::Timestamp at);
  void set_due(std::uint64_t offset, Slot& slot, State state, core::Timestamp at);
  void advance();

  Limits limits_;
  std::uint64_t position_;
  std::uint64_t head_;
  std::deque<Slot> slots_;           // of position_, position_ + 1, ...; its end is the next new message
  std::set<std::uint64_t> skipped_;  // not yet reached
  std::vector<Due> due_;             // a heap; entries whose slot has moved on are stale and dropped on sight
  std::size_t in_flight_ = 0;
  std::size_t delayed_ = 0;
  std::size_t acked_above_ = 0;
};

}  // namespace liveops::runtime
