#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "adapters/postgres/slots.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::postgres {

/// A grant in a coroutine's hands. It goes back when this ends, however that comes: with its connection only after
/// `connection_is_good`, else the connection is closed.
class Lease {
 public:
  /// A kept connection that the server has left meanwhile is closed here.
  Lease(Slots& slots, Slots::Grant grant);
  ~Lease();
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&&) = delete;

  [[nodiscard]] bool has_connection() const { return connection_ != nullptr; }
  [[nodiscard]] Connection& connection() const { return *connection_; }
  /// It has served others before.
  [[nodiscard]] bool was_kept() const { return was_kept_; }
  void connection_is_good() { good_ = true; }

  /// As the functions of Slots; after `not_connected` there is nothing to give back.
  bool connected(std::unique_ptr<Connection> connection);
  bool not_connected(const core::Error& why);

 private:
  Slots* slots_;  // null: moved from, or given back
  std::unique_ptr<Connection> connection_;
  bool was_kept_ = false;
  bool good_ = false;
};

/// A coroutine's place in the queue for a grant; left when this ends.
class Queued {
 public:
  Queued(Slots& slots, const boost::asio::any_io_executor& executor, std::chrono::milliseconds timeout);
  ~Queued();
  Queued(const Queued&) = delete;
  Queued& operator=(const Queued&) = delete;

  [[nodiscard]] const std::shared_ptr<Slots::Waiter>& waiter() const { return waiter_; }
  /// nullopt: nothing came in time.
  [[nodiscard]] boost::asio::awaitable<std::optional<core::Result<Slots::Grant>>> wait();

 private:
  struct Bell;
  Slots& slots_;
  std::shared_ptr<Bell> bell_;  // shared with a ring that is on its way
  std::chrono::milliseconds timeout_;
  std::shared_ptr<Slots::Waiter> waiter_;
};

}  // namespace liveops::adapters::postgres
