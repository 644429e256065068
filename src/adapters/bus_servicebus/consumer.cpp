#include "adapters/bus_servicebus/consumer.hpp"

#include <algorithm>
#include <utility>

#include "adapters/asio/await_callback.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Status;
using ports::Delivery;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kPeekPage = 250;
constexpr std::size_t kMaxReasonChars = 1000;

}  // namespace

Consumer::Consumer(std::shared_ptr<Subscriber> subscriber, const Access& access)
    : subscriber_(std::move(subscriber)), access_(access) {}

Consumer::~Consumer() {
  close();
}

void Consumer::close() {
  if (!closed_.exchange(true)) subscriber_->release();
}

ports::Task<void> Consumer::attached() {
  const auto deadline = steady_clock::now() + access_.options.request_timeout;
  while (true) {
    const auto seen = subscriber_->news().version();
    auto is_attached = subscriber_->attached();
    const auto left = deadline - steady_clock::now();
    if (is_attached || subscriber_->is_refused() || left <= steady_clock::duration::zero()) co_return is_attached;
    co_await subscriber_->news().wait(seen, left);
  }
}

ports::Task<std::vector<Delivery>> Consumer::receive(std::size_t max, milliseconds wait) {
  const auto deadline = steady_clock::now() + std::max(wait, milliseconds(0));
  while (true) {
    const auto seen = subscriber_->news().version();
    auto batch = subscriber_->take(max);
    if (!batch.empty() || closed_.load()) co_return batch;
    if (const auto attached = subscriber_->attached(); !attached) {
      const auto left = deadline - steady_clock::now();
      if (left <= steady_clock::duration::zero()) co_return std::unexpected(attached.error());
      co_await subscriber_->news().wait(seen, left);
      continue;
    }
    if (!subscriber_->is_pulling()) subscriber_->pull(max, deadline);
    // That nothing more comes is the service's word, and it may take its time for it as for any other.
    const bool has_ended = co_await pulled(deadline + access_.options.request_timeout);
    batch = subscriber_->take(max);
    if (!batch.empty()) co_return batch;
    if (!has_ended) co_return core::fail(core::Errc::unavailable, "Service Bus does not hand out messages in time");
    if (steady_clock::now() >= deadline && subscriber_->attached()) co_return batch;
  }
}

boost::asio::awaitable<bool> Consumer::pulled(Instant limit) {
  while (true) {
    const auto seen = subscriber_->news().version();
    if (!subscriber_->is_pulling() || closed_.load()) co_return true;
    const auto left = limit - steady_clock::now();
    if (left <= steady_clock::duration::zero()) co_return false;
    co_await subscriber_->news().wait(seen, left);
  }
}

ports::Task<void> Consumer::settle(std::vector<std::string> tags, Subscriber::Verdict verdict) {
  co_return co_await await_callback<Status>(
      [&](auto resume) { subscriber_->settle(std::move(tags), std::move(verdict), std::move(resume)); });
}

ports::Task<void> Consumer::ack(std::vector<std::string> tags) {
  return settle(std::move(tags), {.outcome = Subscriber::Outcome::complete});
}

ports::Task<void> Consumer::nack(std::vector<std::string> tags, milliseconds delay) {
  if (delay <= milliseconds(0)) {
    co_return co_await settle(std::move(tags), {.outcome = Subscriber::Outcome::abandon});
  }
  co_return co_await await_callback<Status>(
      [&](auto resume) { subscriber_->abandon_after(std::move(tags), delay, std::move(resume)); });
}

ports::Task<void> Consumer::dead_letter(Delivery delivery, std::string reason) {
  reason.resize(std::min(reason.size(), kMaxReasonChars));
  std::vector<std::string> tags;
  tags.push_back(std::move(delivery.tag));
  return settle(std::move(tags), {.outcome = Subscriber::Outcome::dead_letter,
                                  .reason = std::move(reason),
                                  .attempts = std::to_string(delivery.attempt)});
}

ports::Task<void> Consumer::extend(std::vector<std::string> tags) {
  co_return co_await await_callback<Status>(
      [&](auto resume) { subscriber_->extend(std::move(tags), std::move(resume)); });
}

ports::Task<std::vector<Incoming>> Consumer::peek(std::int64_t from) {
  co_return co_await await_callback<core::Result<std::vector<Incoming>>>(
      [&](auto resume) { subscriber_->peek(from, kPeekPage, std::move(resume)); });
}

ports::Task<ports::Backlog> Consumer::backlog() {
  ports::Backlog backlog;
  std::int64_t from = 0;
  while (backlog.messages < access_.options.max_counted) {
    const auto page = co_await peek(from);
    if (!page) co_return core::fail(core::Errc::unavailable, page.error().message, page.error().detail);
    if (page->empty()) break;
    if (backlog.messages == 0) {
      const auto age = std::chrono::floor<milliseconds>(access_.clock.now() - page->front().enqueued_at);
      backlog.oldest_age = std::max(age, milliseconds(0));
    }
    backlog.messages += page->size();
    from = page->back().sequence + 1;
    if (page->size() < kPeekPage) break;
  }
  co_return backlog;
}

}  // namespace liveops::adapters::bus_servicebus
