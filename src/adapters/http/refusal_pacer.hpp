#pragma once

#include <chrono>

namespace liveops::adapters::http {

/// Says how long a connection is left unread after a request of its was refused for lack of capacity.
///
/// A refusal costs nearly as much as an answer: the kernel's share of both is the same. Refusing whoever asks again at
/// once would take from those who were accepted, so beyond `per_second` the ones who were refused wait in turn, and
/// what they send meanwhile waits in their own buffers. `max_hold` is not more than the least Retry-After that they
/// were told: who waits as told does not notice.
///
/// Generic cell rate algorithm (ITU-T I.371) over the refusals of one shard. Threads: one.
class RefusalPacer {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    double per_second = 2'000;
    int burst = 500;  // refusals that nobody waits for
    std::chrono::milliseconds max_hold{1'000};
  };

  /// Requires: per_second > 0, burst >= 0.
  explicit RefusalPacer(Options options);

  /// Counts a refusal; the time for which its connection waits, zero while refusals are few.
  [[nodiscard]] Clock::duration next_hold(Clock::time_point now);

 private:
  Clock::duration interval_;
  Clock::duration tolerance_;
  Clock::duration max_hold_;
  Clock::time_point theoretical_arrival_;
};

}  // namespace liveops::adapters::http
