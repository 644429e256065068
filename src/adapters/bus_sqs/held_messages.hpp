#pragma once

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"

namespace liveops::adapters::bus_sqs {

/// What a consumer has in hand: handed out, and neither done with nor visible again.
///
/// Threads: one at a time.
class HeldMessages {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  explicit HeldMessages(std::chrono::milliseconds visibility) : visibility_(visibility) {}

  void add(const std::string& tag, core::Timestamp sent_at, Instant now);
  void done(const std::string& tag) { held_.erase(tag); }
  void extended(const std::string& tag, Instant now);
  /// All that is in hand; nothing is, then.
  [[nodiscard]] std::vector<std::string> release(Instant now);
  /// Those that must be extended now to stay in hand: half of their visibility is over, and they came not longer than
  /// `longest` ago.
  [[nodiscard]] std::vector<std::string> to_extend(Instant now, std::chrono::milliseconds longest) const;
  /// When the oldest of them was sent.
  [[nodiscard]] core::Timestamp oldest(core::Timestamp otherwise) const;
  [[nodiscard]] bool empty() const { return held_.empty(); }

 private:
  struct Held {
    core::Timestamp sent_at;
    Instant since;
    Instant until;
  };
  void forget_old(Instant now);

  const std::chrono::milliseconds visibility_;
  std::unordered_map<std::string, Held> held_;
  Instant swept_at_{};
};

}  // namespace liveops::adapters::bus_sqs
