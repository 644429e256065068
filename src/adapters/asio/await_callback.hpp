#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace liveops::adapters {

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

}  // namespace liveops::adapters
