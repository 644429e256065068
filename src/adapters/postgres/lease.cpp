#include "adapters/postgres/lease.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace liveops::adapters::postgres {

namespace asio = boost::asio;

Lease::Lease(Slots& slots, Slots::Grant grant) : slots_(&slots), connection_(std::move(grant.connection)) {
  was_kept_ = connection_ != nullptr;
  if (was_kept_ && !connection_->alive()) connection_.reset();
}

Lease::Lease(Lease&& other) noexcept
    : slots_(std::exchange(other.slots_, nullptr)),
      connection_(std::move(other.connection_)),
      was_kept_(other.was_kept_),
      good_(other.good_) {}

Lease::~Lease() {
  if (slots_ == nullptr) return;
  if (!good_) connection_.reset();
  slots_->give_back(std::move(connection_), Slots::Clock::now());
}

bool Lease::connected(std::unique_ptr<Connection> connection) {
  connection_ = std::move(connection);
  was_kept_ = false;
  return slots_->connected();
}

bool Lease::not_connected(const core::Error& why) {
  return std::exchange(slots_, nullptr)->not_connected(why, Slots::Clock::now());
}

struct Queued::Bell {
  explicit Bell(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
};

Queued::Queued(Slots& slots, const asio::any_io_executor& executor, std::chrono::milliseconds timeout)
    : slots_(slots),
      bell_(std::make_shared<Bell>(executor)),
      timeout_(timeout),
      waiter_(std::make_shared<Slots::Waiter>()) {
  waiter_->wake = [bell = bell_] { asio::post(bell->timer.get_executor(), [bell] { bell->timer.cancel(); }); };
}

Queued::~Queued() {
  auto answer = slots_.leave(*waiter_);
  if (!answer || !*answer) return;
  const Lease unused(slots_, std::move(**answer));
}

asio::awaitable<std::optional<core::Result<Slots::Grant>>> Queued::wait() {
  bell_->timer.expires_after(timeout_);
  co_await bell_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return slots_.leave(*waiter_);
}

}  // namespace liveops::adapters::postgres
