#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

namespace liveops::test {

/// Runs one coroutine to its end on an io_context of its own and gives its result; rethrows what it throws.
template <class T>
T run(boost::asio::awaitable<T> task) {
  boost::asio::io_context io(1);
  auto result = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  io.run();
  return result.get();
}

}  // namespace liveops::test
