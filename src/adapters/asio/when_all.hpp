#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "adapters/asio/await_callback.hpp"

namespace liveops::adapters {

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

}  // namespace liveops::adapters
