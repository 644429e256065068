#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <proton/connection.hpp>
#include <proton/delivery.hpp>
#include <proton/messaging_handler.hpp>
#include <proton/receiver.hpp>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace liveops::adapters::bus_servicebus {

/// Removes one message from a dead-letter queue: the service hands them out in its own order only, so it takes those
/// before it too, and lets go of them at the end.
///
/// Threads: the connection's.
class LetterRemover final : public proton::messaging_handler {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Told = std::move_only_function<void(core::Status)>;

  /// Tells once. Errors: `unavailable`: somebody else holds it, or it is not there.
  LetterRemover(std::int64_t sequence, Instant deadline, Told told);
  void start(proton::connection& connection, const std::string& address);
  /// Whether it is over; then it may be removed.
  bool expire(Instant now);
  /// The connection is gone.
  void drop();

 private:
  void on_message(proton::delivery& delivery, proton::message& message) override;
  void on_receiver_drain_finish(proton::receiver& receiver) override;
  void on_receiver_open(proton::receiver& receiver) override;
  void on_receiver_close(proton::receiver& receiver) override;
  void on_receiver_error(proton::receiver&) override {}  // a close follows
  void on_error(const proton::error_condition&) override {}
  void finish(core::Status status);

  const std::int64_t sequence_;
  const Instant deadline_;
  Told told_;
  bool found_ = false;
  bool over_ = false;
  std::size_t came_ = 0;  // since the last drain began
  proton::receiver receiver_;
  std::vector<proton::delivery> others_;
};

}  // namespace liveops::adapters::bus_servicebus
