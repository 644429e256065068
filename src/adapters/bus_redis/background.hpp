#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

namespace liveops::adapters::bus_redis {

/// The bus's own thread: its connections live there, and work that no caller waits for.
///
/// Threads: any.
class Background {
 public:
  Background();
  /// Requires: `wait` has returned since the last `spawn`.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  [[nodiscard]] boost::asio::any_io_executor executor() { return io_.get_executor(); }

  /// Runs `work` to its end on the thread. Each piece of work has to end by itself.
  void spawn(boost::asio::awaitable<void> work);
  /// Returns when all that was spawned has ended. Not to be called on the thread itself.
  void wait();

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;
  std::thread thread_;
};

}  // namespace liveops::adapters::bus_redis
