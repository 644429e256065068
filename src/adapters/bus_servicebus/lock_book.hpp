#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "adapters/bus_servicebus/lock_token.hpp"

namespace liveops::adapters::bus_servicebus {

/// What one consumer holds of the service, until when, and what is due: to renew the lock, or to give the message back.
/// A lock lasts as long as the entity says; a message may be held for the bus' visibility timeout, whichever is longer.
/// Knows no network.
///
/// Threads: one at a time. Complexity: what is due is found by a look at every lock.
class LockBook {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  explicit LockBook(Duration visibility) : visibility_(visibility) {}

  /// A message came, locked for `locked_for` from now.
  void add(const LockToken& token, Instant now, Duration locked_for);
  /// It may be held for the whole visibility from now on.
  void extend(const LockToken& token, Instant now);
  /// It is to be given back then, and held until then.
  void give_back_at(const LockToken& token, Instant when);
  void renewed(const LockToken& token, Instant now);
  /// Gives whether it was held.
  bool remove(const LockToken& token) { return held_.erase(token) > 0; }
  void clear() { held_.clear(); }

  [[nodiscard]] bool holds(const LockToken& token) const { return held_.contains(token); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }
  [[nodiscard]] std::vector<LockToken> all() const;

  /// Those whose time is up; they stay until removed.
  [[nodiscard]] std::vector<LockToken> to_give_back(Instant now) const;
  /// Those that are to be held longer than their lock lasts and have used two thirds of it. Each is named once, until
  /// it is `renewed` or a third of a lock has passed.
  [[nodiscard]] std::vector<LockToken> to_renew(Instant now);

 private:
  struct Held {
    Duration lock;  // its whole length
    Instant locked_until;
    Instant until;       // then it is given back
    Instant ask_before;  // not renewed again before
  };

  const Duration visibility_;
  std::map<LockToken, Held> held_;
};

}  // namespace liveops::adapters::bus_servicebus
