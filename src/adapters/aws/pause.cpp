#include "adapters/aws/pause.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>

namespace liveops::adapters::aws {

namespace asio = boost::asio;

asio::awaitable<void> pause(std::chrono::milliseconds time, std::stop_token stop) {
  const auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, time);
  const std::stop_callback stopped(stop, [timer] {
    // Into the past: a wait that has not begun yet ends at once, too.
    asio::post(timer->get_executor(), [timer] { timer->expires_at(asio::steady_timer::time_point::min()); });
  });
  try {
    co_await timer->async_wait(asio::use_awaitable);
  } catch (const boost::system::system_error& ended) {
    if (ended.code() != asio::error::operation_aborted) throw;
  }
}

}  // namespace liveops::adapters::aws
