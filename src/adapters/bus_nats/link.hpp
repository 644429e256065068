#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapters/bus_nats/session.hpp"

namespace liveops::adapters::bus_nats {

/// The way to the server: writes on a thread of its own what others hand it, so that none of them waits for the socket.
///
/// Threads: any, but `tend`, which is called by one. The destructor sends what is queued, then waits for the last
/// event.
class Link {
 public:
  struct Events {
    std::function<void(std::uint64_t ear, Incoming)> message;
    std::function<void(bool up)> state;
  };

  /// Blocks while it connects. Errors: as `Session::open`.
  [[nodiscard]] static core::Result<std::unique_ptr<Link>> open(const Options& options, Events events);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  [[nodiscard]] bool is_up() const { return up_.load(); }
  /// A subject that nobody else uses, as ours are all below it.
  [[nodiscard]] const std::string& inbox() const { return inbox_; }
  /// What comes below `inbox`.<ear> is told as that of `ear`, on this connection and those after it.
  void listen(std::uint64_t ear);
  void forget(std::uint64_t ear);
  [[nodiscard]] std::size_t max_payload_bytes() const { return max_payload_bytes_; }

  /// Order: kept, within and between calls of one thread. False, and nothing is sent, when it is not connected or more
  /// is queued than `max_queued_bytes`. What the connection loses on the way nobody hears of.
  [[nodiscard]] bool send(std::vector<Outgoing> messages);

  /// Connects anew where the session has closed for good. Blocks. Errors: as `Session::open`.
  [[nodiscard]] core::Status tend();

 private:
  Link(Options options, Events events);
  [[nodiscard]] core::Status connect();
  void announce(bool up);
  [[nodiscard]] std::shared_ptr<Session> session();
  void listen_on(Session& session, std::uint64_t ear) const;
  void write_all();

  const Options options_;
  const Events events_;
  const std::string inbox_;
  std::size_t max_payload_bytes_ = 0;
  std::atomic<bool> up_{false};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Outgoing> queue_;
  std::size_t queued_bytes_ = 0;  // those that are being written included
  bool stopping_ = false;
  std::shared_ptr<Session> session_;
  std::mutex ears_mutex_;  // before mutex_
  std::set<std::uint64_t> ears_;
  std::thread writer_;
};

}  // namespace liveops::adapters::bus_nats
