#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

#include "ports/task.hpp"

namespace liveops::adapters::postgres {

/// Waits for the socket of a connection on behalf of one coroutine. The socket stays libpq's: this never closes it.
///
/// Threads: the executor's, one at a time.
class SocketWatch {
 public:
  enum class Until { readable, writable };

  explicit SocketWatch(boost::asio::any_io_executor executor);
  /// Forgets the socket: before it is closed, or handed to another executor.
  ~SocketWatch();
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;

  /// From now on waits may take this long, all together.
  void set_deadline(std::chrono::milliseconds from_now);
  void clear_deadline();

  /// Waits until `socket` is so (or broken). Errors: `timeout` once the deadline has passed.
  [[nodiscard]] ports::Task<void> wait(int socket, Until until);

  /// No longer watches the socket; harmless when libpq has closed it already.
  void forget();

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the timer's handler
};

}  // namespace liveops::adapters::postgres
