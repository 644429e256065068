#pragma once

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace liveops::adapters::aws {

/// Calls `start` with a function and suspends until somebody calls that function, once, from any thread; gives what it
/// was called with, on the coroutine's own executor.
template <class T, class Start>
boost::asio::awaitable<T> await_callback(Start start) {
  auto initiate = [](auto handler, Start begin) {
    auto guard = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
    begin([guard = std::move(guard), resume = std::move(handler)](T value) mutable {
      const auto executor = guard.get_executor();
      boost::asio::post(executor, [held = std::move(resume), result = std::move(value)]() mutable {
        std::move(held)(std::move(result));
      });
      guard.reset();
    });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void(T)>(
      std::move(initiate), boost::asio::use_awaitable, std::move(start));
}

/// Runs them side by side on the caller's executor; gives their results in order once all have ended.
///
/// Requires: they do not throw.
template <class T>
boost::asio::awaitable<std::vector<T>> when_all(std::vector<boost::asio::awaitable<T>> tasks) {
  struct Join {
    std::vector<T> results;
    std::atomic<std::size_t> left;
    std::move_only_function<void(bool)> resume;
  };
  auto join = std::make_shared<Join>();
  join->results.resize(tasks.size());
  join->left = tasks.size();
  if (tasks.empty()) co_return std::move(join->results);
  const auto executor = co_await boost::asio::this_coro::executor;
  auto start = [join, executor, all = std::move(tasks)](auto resume) mutable {
    join->resume = std::move(resume);
    for (std::size_t i = 0; i < all.size(); ++i) {
      boost::asio::co_spawn(executor, std::move(all[i]), [join, i](const std::exception_ptr&, T result) {
        join->results[i] = std::move(result);
        if (join->left.fetch_sub(1) == 1) join->resume(true);
      });
    }
  };
  static_cast<void>(co_await await_callback<bool>(std::move(start)));
  co_return std::move(join->results);
}

}  // namespace liveops::adapters::aws
