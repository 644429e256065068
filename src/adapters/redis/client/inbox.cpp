#include "adapters/redis/client/inbox.hpp"

#include <string>
#include <utility>

namespace liveops::adapters::redis {

core::Result<bool> Inbox::push(Request& request) {
  const std::lock_guard lock(mutex_);
  if (closed_) return std::unexpected(*closed_);
  const std::size_t bytes = request.queued_bytes();
  if (bytes > max_bytes_) {
    return core::fail(core::Errc::invalid_argument, "too large for Redis",
                      std::to_string(bytes) + " bytes, the queue takes " + std::to_string(max_bytes_));
  }
  if (bytes > max_bytes_ - bytes_) {
    return core::fail(core::Errc::unavailable, "too much waits for Redis: try again",
                      std::to_string(bytes_) + " bytes of " + std::to_string(max_bytes_) + " are in use");
  }
  bytes_ += bytes;
  requests_.push_back(std::move(request));
  return !std::exchange(told_, true);
}

std::vector<Request> Inbox::take() {
  const std::lock_guard lock(mutex_);
  told_ = false;
  return std::exchange(requests_, {});
}

void Inbox::answered(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ -= bytes;
}

void Inbox::close(core::Error why) {
  const std::lock_guard lock(mutex_);
  closed_ = std::move(why);
}

void Inbox::open() {
  const std::lock_guard lock(mutex_);
  closed_.reset();
}

}  // namespace liveops::adapters::redis
