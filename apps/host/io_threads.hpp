#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace liveops::apps {

/// One io_context a thread.
///
/// Threads: made, started and joined by one.
class IoThreads {
 public:
  /// `count` >= 1.
  explicit IoThreads(int count);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  void start();
  /// Ends every loop, whatever it still waits for, and joins.
  void stop();

  [[nodiscard]] std::vector<boost::asio::io_context*> all();
  /// The one for background work: the last, so that a single busy listener keeps the first.
  [[nodiscard]] boost::asio::io_context& background() { return *contexts_.back(); }

 private:
  using WorkGuard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::vector<WorkGuard> guards_;
  std::vector<std::thread> threads_;
};

}  // namespace liveops::apps
