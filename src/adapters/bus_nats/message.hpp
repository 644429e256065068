#pragma once

#include <memory>
#include <string>
#include <string_view>

struct __natsMsg;  // libnats' natsMsg

namespace liveops::adapters::bus_nats {

/// A message on its way to the server.
struct Outgoing {
  std::string subject;
  std::string reply;       // where the answer goes; may be empty
  std::string message_id;  // Nats-Msg-Id: the server stores one of several with the same id; may be empty
  std::string data;
  [[nodiscard]] std::size_t bytes() const { return subject.size() + reply.size() + message_id.size() + data.size(); }
};

/// A message as it came from the server.
class Incoming {
 public:
  explicit Incoming(__natsMsg* message) : message_(message) {}

  [[nodiscard]] std::string_view subject() const;
  [[nodiscard]] std::string_view reply() const;
  [[nodiscard]] std::string_view data() const;
  /// Of a message that carries no data but a state, as an HTTP-like number: 404, 408, 409, 503. 0: a real message.
  [[nodiscard]] int status() const;
  [[nodiscard]] std::string_view description() const;

 private:
  struct Destroy {
    void operator()(__natsMsg* message) const;
  };
  std::unique_ptr<__natsMsg, Destroy> message_;
};

}  // namespace liveops::adapters::bus_nats
