#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <stop_token>

namespace liveops::adapters::aws {

/// Waits so long, or until `stop`, which may come from any thread.
[[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds time, std::stop_token stop);

}  // namespace liveops::adapters::aws
