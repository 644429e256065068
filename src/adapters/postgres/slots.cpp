#include "adapters/postgres/slots.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::postgres {

using core::Errc;

namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{1000};
constexpr unsigned kDoublings = 5;

std::chrono::milliseconds pause_after(unsigned failures) {
  return std::min(kLongestPause, kFirstPause * (1 << std::min(failures - 1, kDoublings)));
}

}  // namespace

core::Result<std::optional<Slots::Grant>> Slots::ask(Clock::time_point now, const std::shared_ptr<Waiter>& waiter) {
  const std::lock_guard lock(mutex_);
  if (!idle_.empty()) {
    Grant grant{std::move(idle_.back())};
    idle_.pop_back();
    ++busy_;
    return grant;
  }
  if (busy_ < limits_.max_connections && may_connect(now)) {
    ++busy_;
    return Grant{};
  }
  if (busy_ == 0) return std::unexpected(why_);
  if (queue_.size() >= limits_.max_waiting) {
    return core::fail(Errc::unavailable, "the database is too busy: try again",
                      std::to_string(queue_.size()) + " transactions wait for a connection already");
  }
  queue_.push_back(waiter);
  return std::nullopt;
}

std::optional<core::Result<Slots::Grant>> Slots::leave(Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  std::erase_if(queue_, [&](const auto& other) { return other.get() == &waiter; });
  return std::exchange(waiter.answer, std::nullopt);
}

/// Between failures only one at a time tries: it moves the moment for the next one.
bool Slots::may_connect(Clock::time_point now) {
  if (failures_ == 0) return true;
  if (now < retry_at_) return false;
  retry_at_ = now + limits_.connect_timeout;
  return true;
}

void Slots::give_back(std::unique_ptr<Connection> connection, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (connection == nullptr) {
    --busy_;
    serve_after_loss(now);
  } else if (!queue_.empty()) {
    answer_first(Grant{std::move(connection)});
  } else {
    --busy_;
    idle_.push_back(std::move(connection));
  }
}

bool Slots::connected() {
  const std::lock_guard lock(mutex_);
  return std::exchange(failures_, 0) != 0;
}

bool Slots::not_connected(const core::Error& why, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const bool first = failures_ == 0;
  ++failures_;
  retry_at_ = now + pause_after(failures_);
  why_ = why;
  --busy_;
  serve_after_loss(now);
  return first;
}

/// A place has become free, but no connection.
void Slots::serve_after_loss(Clock::time_point now) {
  if (queue_.empty()) return;
  if (may_connect(now)) {
    ++busy_;
    answer_first(Grant{});
  } else if (busy_ == 0) {  // nobody will give anything back
    while (!queue_.empty()) answer_first(std::unexpected(why_));
  }
}

void Slots::answer_first(core::Result<Grant> answer) {
  const auto waiter = std::move(queue_.front());
  queue_.pop_front();
  waiter->answer = std::move(answer);
  waiter->wake();
}

Slots::Counts Slots::counts() const {
  const std::lock_guard lock(mutex_);
  return {.idle = idle_.size(), .busy = busy_, .waiting = queue_.size()};
}

}  // namespace liveops::adapters::postgres
