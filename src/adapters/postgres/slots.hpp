#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "adapters/postgres/connection.hpp"
#include "core/error.hpp"

namespace liveops::adapters::postgres {

/// Who may use which connection: the pool's book. It opens and awaits nothing, and is told the time.
///
/// Bounds: `max_connections` in use and idle together, `max_waiting` who wait for one; who comes later is refused.
/// Order: first come, first served. A connection that was used last is used next, so that idle ones stay idle.
/// After a failed attempt to connect the next one is due after a pause that doubles up to a second; until then those
/// who find no connection open are refused with the reason, and those who find all in use wait for one. Threads: any.
class Slots {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    std::size_t max_connections = 1;
    std::size_t max_waiting = 0;
    std::chrono::milliseconds connect_timeout{3000};
  };

  /// The right to hold one connection; without one in it, the right to open one. It must come back.
  struct Grant {
    std::unique_ptr<Connection> connection;
  };

  /// Somebody in the queue. `wake` is called once, by whoever answers, with the book locked: it may only post.
  struct Waiter {
    std::function<void()> wake;
    std::optional<core::Result<Grant>> answer;
  };

  explicit Slots(Limits limits) : limits_(limits) {}

  /// Asks for a connection; `waiter` joins the queue when there is none now: then `leave` must follow.
  /// Gives nullopt when the waiter was queued. Errors: `unavailable`.
  [[nodiscard]] core::Result<std::optional<Grant>> ask(Clock::time_point now, const std::shared_ptr<Waiter>& waiter);
  /// Takes the waiter out of the queue; its answer, if it has one by now.
  [[nodiscard]] std::optional<core::Result<Grant>> leave(Waiter& waiter);

  /// The grant's connection in good order, or null when it was lost.
  void give_back(std::unique_ptr<Connection> connection, Clock::time_point now);
  /// The holder of an empty grant has connected; or has not, and gives the grant back. True: the state changed.
  bool connected();
  bool not_connected(const core::Error& why, Clock::time_point now);

  struct Counts {
    std::size_t idle = 0;
    std::size_t busy = 0;
    std::size_t waiting = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  [[nodiscard]] bool may_connect(Clock::time_point now);
  void serve_after_loss(Clock::time_point now);
  void answer_first(core::Result<Grant> answer);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // the last one was used last
  std::size_t busy_ = 0;                           // grants that are out
  std::deque<std::shared_ptr<Waiter>> queue_;
  unsigned failures_ = 0;  // to connect, in a row
  Clock::time_point retry_at_;
  core::Error why_;
};

}  // namespace liveops::adapters::postgres
