#include "adapters/postgres/socket_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

namespace liveops::adapters::postgres {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

struct SocketWatch::State {
  explicit State(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  std::optional<asio::posix::stream_descriptor> descriptor;
  bool late = false;
};

SocketWatch::SocketWatch(asio::any_io_executor executor) : state_(std::make_shared<State>(executor)) {}

SocketWatch::~SocketWatch() {
  forget();
  clear_deadline();
}

void SocketWatch::forget() {
  if (!state_->descriptor) return;
  state_->descriptor->release();  // or its destructor would close libpq's socket
  state_->descriptor.reset();
}

void SocketWatch::clear_deadline() {
  state_->late = false;
  state_->timer.expires_at(Clock::time_point::max());
}

void SocketWatch::set_deadline(std::chrono::milliseconds from_now) {
  state_->late = false;
  state_->timer.expires_after(from_now);
  state_->timer.async_wait([state = state_](boost::system::error_code cancelled) {
    // A handler that was on its way when the deadline was set anew must not fire.
    if (cancelled || state->timer.expiry() > Clock::now()) return;
    state->late = true;
    if (state->descriptor) state->descriptor->cancel();
  });
}

ports::Task<void> SocketWatch::wait(int socket, Until until) {
  State& state = *state_;
  if (state.descriptor && state.descriptor->native_handle() != socket) forget();
  if (!state.descriptor && socket >= 0) state.descriptor.emplace(state.timer.get_executor(), socket);
  if (state.descriptor && !state.late) {
    const auto what = until == Until::readable ? asio::posix::stream_descriptor::wait_read
                                               : asio::posix::stream_descriptor::wait_write;
    // What is wrong with the socket, if anything, libpq finds out and says.
    co_await state.descriptor->async_wait(what, asio::as_tuple(asio::use_awaitable));
  }
  if (state.late) co_return core::fail(core::Errc::timeout, "the database took too long", "no answer in time");
  co_return core::Status();
}

}  // namespace liveops::adapters::postgres
