#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <proton/connection.hpp>
#include <proton/messaging_handler.hpp>
#include <proton/sender.hpp>
#include <string>

#include "adapters/bus_servicebus/backoff.hpp"
#include "adapters/bus_servicebus/conditions.hpp"
#include "adapters/bus_servicebus/publication.hpp"

namespace liveops::adapters::bus_servicebus {

/// Sends to one entity and matches the answers. What was sent and not answered when the link or its connection went is
/// sent again on the next one, until its deadline: the service recognises it by its id.
///
/// Threads: the connection's.
class SenderLink final : public proton::messaging_handler {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  struct Events {
    std::function<void()> wants_link;           // it has none: authorise, then call `open`
    std::function<void(core::Status)> changed;  // it is open; or why not
    std::function<void()> busy;                 // the service wants to be left alone
  };

  SenderLink(std::string address, Events events);

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] bool is_open() const { return open_; }
  /// Each message is answered once.
  void send(const Parcel& parcel, Instant deadline);
  void open(proton::connection& connection);
  /// The link cannot be had now: it is tried again after a while.
  void failed(const core::Error& why);
  void drop();
  /// Asks for a link where there is none, something is to be sent or the last attempt failed, and it is time.
  void tick(Instant now);
  /// Ends what is late.
  void expire(Instant now);

 private:
  struct Pending {
    std::shared_ptr<Publication> publication;
    std::size_t index = 0;
    std::string bytes;
    Instant deadline;
  };

  void flush();
  void answer(const std::string& tag, ports::PublishOutcome outcome);

  void on_sender_open(proton::sender& sender) override;
  void on_sender_close(proton::sender& sender) override;
  void on_sender_error(proton::sender&) override {}  // a close follows
  void on_sendable(proton::sender& sender) override;
  void on_tracker_accept(proton::tracker& tracker) override;
  void on_tracker_reject(proton::tracker& tracker) override;
  void on_tracker_release(proton::tracker& tracker) override;
  void on_error(const proton::error_condition&) override {}

  const std::string address_;
  const Events events_;
  proton::sender sender_;
  bool open_ = false;
  bool wanted_ = false;  // asked for, not open yet
  bool failed_ = false;  // the last time
  Backoff backoff_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Pending> pending_;  // in the order of sending, deadlines rising
  std::uint64_t next_unsent_ = 1;             // those from here on are not on this link yet
};

}  // namespace liveops::adapters::bus_servicebus
