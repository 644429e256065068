#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/bus_nats/message.hpp"
#include "adapters/bus_nats/options.hpp"
#include "core/error.hpp"

struct __natsConnection;
struct __natsSubscription;

namespace liveops::adapters::bus_nats {

/// What a session tells, on threads of libnats, one call of each kind at a time.
struct SessionEvents {
  std::function<void(Incoming)> message;  // to the inbox or below it
  std::function<void()> up;               // again
  std::function<void()> down;
};

/// One connection of libnats with a subscription to everything below our inbox. It reconnects by itself for ever, and
/// subscribes again, but for one case: refused twice for the credentials, libnats closes it for good.
///
/// Threads: any. The destructor waits for the last event.
class Session {
 public:
  /// Blocks while it connects. Errors: `unavailable`, `unauthenticated`, `invalid_argument` (URL, files); the message
  /// names the server without its password.
  [[nodiscard]] static core::Result<std::unique_ptr<Session>> open(const Options& options, std::string inbox,
                                                                   SessionEvents events);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Hands it to libnats; may block until the socket takes it. Lost when the connection is: whoever waits for an answer
  /// hears of that.
  void write(const Outgoing& message);
  [[nodiscard]] bool is_closed() const;
  /// The largest payload that the server takes.
  [[nodiscard]] std::size_t max_payload_bytes() const;

 private:
  /// The callbacks that libnats gets; each has the Session as its closure.
  struct Callbacks;

  Session(SessionEvents events) : events_(std::move(events)) {}
  [[nodiscard]] core::Status connect(const Options& options, const std::string& inbox);
  void ended(bool Session::* what);

  SessionEvents events_;
  __natsConnection* connection_ = nullptr;
  __natsSubscription* subscription_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closed_ = false;        // the connection's last callback was made
  bool unsubscribed_ = false;  // the subscription's
  bool tells_end_ = false;     // whether there will be one of the subscription
};

/// The URLs without user, password and token, for messages.
[[nodiscard]] std::string without_secrets(std::string_view urls);

}  // namespace liveops::adapters::bus_nats
