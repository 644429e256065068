#include "adapters/bus_redis/background.hpp"

#include <pthread.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace liveops::adapters::bus_redis {

Background::Background() : guard_(io_.get_executor()) {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "bus-redis");
    io_.run();
  });
}

Background::~Background() {
  guard_.reset();
  io_.stop();
  thread_.join();
}

void Background::spawn(boost::asio::awaitable<void> work) {
  {
    const std::lock_guard lock(mutex_);
    ++running_;
  }
  boost::asio::co_spawn(io_, std::move(work), [this](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);  // a bug: ends the process
    const std::lock_guard lock(mutex_);
    --running_;
    ended_.notify_all();  // under the lock: who waits may take all this away right after
  });
}

void Background::wait() {
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [this] { return running_ == 0; });
}

}  // namespace liveops::adapters::bus_redis
