#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

#include "core/error.hpp"

namespace liveops::adapters::sqlite {

/// A thread that runs blocking jobs one after the other, so that the I/O executor never blocks.
///
/// Threads: any may call `run` and `post`. The destructor finishes what is queued, then joins.
class Worker {
 public:
  /// `max_queue`: jobs waiting at most; beyond it `run` answers `unavailable` at once.
  explicit Worker(std::string name, std::size_t max_queue = 4096);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Runs `job` (() -> core::Result<T>) on the thread and gives its result back on the caller's executor.
  /// Errors: the job's; `unavailable` when the queue is full.
  template <class Job>
  boost::asio::awaitable<std::invoke_result_t<Job&>> run(Job job) {
    using Outcome = std::invoke_result_t<Job&>;
    auto initiate = [this](auto handler, Job work) {
      auto executor = boost::asio::get_associated_executor(handler);
      auto guard = boost::asio::make_work_guard(executor);
      auto shared = std::make_shared<std::pair<decltype(handler), Job>>(std::move(handler), std::move(work));
      auto complete = [shared, guard](Outcome outcome) mutable {
        boost::asio::post(guard.get_executor(), [shared, outcome = std::move(outcome)]() mutable {
          std::move(shared->first)(std::move(outcome));
        });
        guard.reset();
      };
      if (!post([shared, complete]() mutable { complete(shared->second()); })) {
        complete(core::fail(core::Errc::unavailable, "the database is too busy: try again", name_));
      }
    };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(Outcome)>(
        std::move(initiate), boost::asio::use_awaitable, std::move(job));
  }

  /// Queues a job without a result; false when the queue is full.
  [[nodiscard]] bool post(std::function<void()> job);

 private:
  void loop();

  std::string name_;
  std::size_t max_queue_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace liveops::adapters::sqlite
