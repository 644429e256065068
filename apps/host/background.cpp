#include "apps/host/background.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace liveops::apps {

void Background::spawn(std::string name, boost::asio::awaitable<void> task, std::function<void()> stop) {
  {
    const std::lock_guard lock(mutex_);
    ++running_;
  }
  stops_.push_back(std::move(stop));
  boost::asio::co_spawn(io_, std::move(task), [this, name = std::move(name)](const std::exception_ptr& error) {
    if (error) {
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& exception) {
        log_.error("background task died: this is a bug",
                   {{"task", name}, {"what", std::string_view(exception.what())}});
      }
      std::terminate();
    }
    finished(name);
  });
}

void Background::finished(const std::string& name) {
  log_.debug("background task ended", {{"task", std::string_view(name)}});
  {
    const std::lock_guard lock(mutex_);
    --running_;
  }
  ended_.notify_all();
}

bool Background::stop(std::chrono::milliseconds deadline) {
  for (auto it = stops_.rbegin(); it != stops_.rend(); ++it) (*it)();
  stops_.clear();
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, deadline, [this] { return running_ == 0; });
}

}  // namespace liveops::apps
