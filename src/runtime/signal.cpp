#include "runtime/signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <optional>
#include <utility>

namespace liveops::runtime {

namespace asio = boost::asio;

/// One waiting coroutine. Its timer's wait holds it, so that it goes away with the executor when that ends first.
class Signal::Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  Waiter(const asio::any_io_executor& executor, std::move_only_function<void()> resume)
      : timer_(std::in_place, executor), resume_(std::move(resume)) {}

  void start(std::chrono::steady_clock::duration at_most) {
    const std::lock_guard lock(mutex_);
    if (!timer_) return;  // notified since it was listed
    timer_->expires_after(at_most);
    timer_->async_wait([self = shared_from_this()](const boost::system::error_code&) { self->complete(); });
  }

  void complete() {
    const std::lock_guard lock(mutex_);
    if (!timer_) return;
    const auto executor = timer_->get_executor();
    // Before the coroutine can go on: once it does, the executor may end, and no timer may be left of it here.
    timer_.reset();
    asio::post(executor, std::exchange(resume_, nullptr));
  }

 private:
  std::mutex mutex_;  // a timer is not safe to use from two threads
  std::optional<asio::steady_timer> timer_;
  std::move_only_function<void()> resume_;
};

std::uint64_t Signal::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

void Signal::notify() {
  std::vector<std::weak_ptr<Waiter>> woken;
  {
    const std::lock_guard lock(mutex_);
    ++version_;
    woken.swap(waiters_);
  }
  for (const auto& weak : woken) {
    if (const auto waiter = weak.lock()) waiter->complete();
  }
}

asio::awaitable<void> Signal::wait(std::uint64_t seen, std::chrono::steady_clock::duration at_most) {
  auto initiate = [this, seen, at_most](auto handler) {
    const asio::any_io_executor executor = asio::get_associated_executor(handler);
    const auto waiter =
        std::make_shared<Waiter>(executor, [held = std::move(handler)]() mutable { std::move(held)(); });
    bool late = false;
    {
      const std::lock_guard lock(mutex_);
      late = version_ != seen;
      if (!late) {
        std::erase_if(waiters_, [](const auto& other) { return other.expired(); });
        waiters_.push_back(waiter);
      }
    }
    if (late) {
      waiter->complete();
    } else {
      waiter->start(at_most);
    }
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(initiate), asio::use_awaitable);
}

}  // namespace liveops::runtime
