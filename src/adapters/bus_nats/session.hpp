#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/bus_nats/message.hpp"
#include "adapters/bus_nats/options.hpp"
#include "core/error.hpp"

struct __natsConnection;
struct __natsSubscription;

namespace liveops::adapters::bus_nats {

/// What a session tells, on threads of libnats: `message` one at a time for each ear, the others one at a time.
struct SessionEvents {
  std::function<void(std::uint64_t ear, Incoming)> message;
  std::function<void()> up;  // again
  std::function<void()> down;
};

/// One connection of libnats, and what it listens to. It reconnects by itself for ever, and subscribes again, but for
/// one case: refused twice for the credentials, libnats closes it for good.
///
/// Threads: any. The destructor waits for the last event.
class Session {
 public:
  /// Blocks while it connects. Errors: `unavailable`, `unauthenticated`, `invalid_argument` (URL, files); the message
  /// names the server without its password.
  [[nodiscard]] static core::Result<std::unique_ptr<Session>> open(const Options& options, SessionEvents events);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Subscribes: what comes for `subjects` is told as that of `ear`, a number of the caller's that was not used before.
  /// A session that is closed hears nothing.
  void listen(std::uint64_t ear, const std::string& subjects);
  /// What came already may still be told.
  void forget(std::uint64_t ear);

  /// Hands it to libnats; may block until the socket takes it. Lost when the connection is: whoever waits for an answer
  /// hears of that.
  void write(const Outgoing& message);
  /// Sends what was written and waits until the server has read it: what libnats sends by itself it holds back for 1
  /// ms.
  void flush();
  [[nodiscard]] bool is_closed() const;
  /// The largest payload that the server takes.
  [[nodiscard]] std::size_t max_payload_bytes() const;

 private:
  /// The callbacks that libnats gets.
  struct Callbacks;
  struct Ear {
    Session& session;
    std::uint64_t number;
    __natsSubscription* subscription = nullptr;
    bool tells_end = false;  // whether libnats will say when its last callback was made
  };

  explicit Session(SessionEvents events) : events_(std::move(events)) {}
  [[nodiscard]] core::Status connect(const Options& options);
  void on_closed();
  void on_end(const Ear& ear);

  SessionEvents events_;
  __natsConnection* connection_ = nullptr;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closed_ = false;  // the connection's last callback was made
  std::list<Ear> ears_;  // until their last callback was made
};

/// The URLs without user, password and token, for messages.
[[nodiscard]] std::string without_secrets(std::string_view urls);

}  // namespace liveops::adapters::bus_nats
