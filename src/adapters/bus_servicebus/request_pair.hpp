#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <proton/connection.hpp>
#include <proton/message.hpp>
#include <proton/messaging_handler.hpp>
#include <proton/receiver.hpp>
#include <proton/sender.hpp>
#include <string>

#include "core/error.hpp"

namespace liveops::adapters::bus_servicebus {

using Instant = std::chrono::steady_clock::time_point;

/// The answer to a request.
struct Reply {
  int status = 0;         // as HTTP has them
  std::string condition;  // AMQP's word for what is wrong
  std::string description;
  proton::value body;
  [[nodiscard]] bool ok() const { return status / 100 == 2; }
};

/// Requests to a node of the service ($cbs, <entity>/$management) and their answers, over a pair of links that are
/// opened when first needed, and again when the service detached them.
///
/// Threads: the connection's. Every `Done` is called exactly once.
class RequestPair final : public proton::messaging_handler {
 public:
  using Done = std::move_only_function<void(core::Result<Reply>)>;

  explicit RequestPair(std::string address);

  /// Completes at the latest at `deadline`. Errors: `unavailable`.
  void ask(proton::connection& connection, proton::message request, Done done, Instant deadline);
  /// Ends those whose time has passed.
  void expire(Instant now);
  /// The connection is gone: forgets the links, ends every request.
  void drop();

 private:
  struct Waiting {
    Done done;
    Instant deadline;
  };
  void open(proton::connection& connection);
  void links_opened();
  void send(proton::message& request);
  void fail_all(const core::Error& why);
  void lost(const std::string& why);

  void on_sender_open(proton::sender& sender) override;
  void on_receiver_open(proton::receiver& receiver) override;
  void on_sender_close(proton::sender& sender) override;
  void on_receiver_close(proton::receiver& receiver) override;
  void on_sender_error(proton::sender&) override {}      // a close follows
  void on_receiver_error(proton::receiver&) override {}  // a close follows
  void on_message(proton::delivery& delivery, proton::message& message) override;
  void on_error(const proton::error_condition&) override {}

  const std::string address_;
  const std::string reply_to_;
  proton::sender sender_;
  proton::receiver receiver_;
  int open_links_ = 0;  // both: requests can be sent
  std::uint64_t last_id_ = 0;
  std::deque<proton::message> unsent_;
  std::map<std::string, Waiting> waiting_;  // by message id
};

}  // namespace liveops::adapters::bus_servicebus
