#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

namespace liveops::apps {

/// Runs a coroutine on `io` and waits for it; for start-up and shutdown. Requires: another thread runs `io`.
template <class T>
T wait_for(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  return boost::asio::co_spawn(io, std::move(task), boost::asio::use_future).get();
}

/// Runs a coroutine to its end on `io` in this thread; for command-line tools.
template <class T>
T run_here(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  auto result = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  io.restart();
  io.run();
  return result.get();
}

}  // namespace liveops::apps
