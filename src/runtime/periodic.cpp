#include "runtime/periodic.hpp"

#include <utility>

namespace liveops::runtime {

Periodic::Periodic(std::chrono::milliseconds interval, Body body) : interval_(interval), body_(std::move(body)) {}

boost::asio::awaitable<void> Periodic::run() {
  while (!stopping_.load()) {
    co_await body_();
    co_await stopped_.wait(0, interval_);  // notified once, by stop: version 0 until then
  }
}

void Periodic::stop() {
  stopping_.store(true);
  stopped_.notify();
}

}  // namespace liveops::runtime
