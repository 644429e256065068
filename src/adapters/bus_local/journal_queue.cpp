#include "adapters/bus_local/journal_queue.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

namespace liveops::adapters::bus_local {

bool JournalQueue::add(Publish& publish) {
  const std::size_t bytes = publish.frames.bytes.size();
  const auto executor = publish.waiting.executor;
  {
    const std::lock_guard lock(mutex_);
    // One publish is taken whatever its size, else a large one would have to be retried for ever.
    if (ended_ || (bytes_ > 0 && bytes_ + bytes > max_bytes_)) return false;
    bytes_ += bytes;
    gathering_.push_back(std::move(publish));
    if (std::ranges::find(releasing_, executor) != releasing_.end()) return true;
    releasing_.push_back(executor);
  }
  // Behind all that the executor has ready.
  boost::asio::post(executor, [self = shared_from_this(), executor] { self->release(executor); });
  return true;
}

void JournalQueue::release(const boost::asio::any_io_executor& executor) {
  {
    const std::lock_guard lock(mutex_);
    std::erase(releasing_, executor);
    if (gathering_.empty()) return;  // another executor's release, or the end, has shown them
    std::ranges::move(gathering_, std::back_inserter(work_.publishes));
    gathering_.clear();
  }
  wake_.notify_one();
}

void JournalQueue::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    work_.tasks.push_back(std::move(task));
  }
  wake_.notify_one();
}

bool JournalQueue::next(Work& work, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const auto idle = [this] { return work_.publishes.empty() && work_.tasks.empty(); };
  wake_.wait_until(lock, deadline, [&] { return ended_ || !idle(); });
  if (ended_ && idle()) return false;
  std::swap(work, work_);
  bytes_ = 0;
  for (const auto& publish : gathering_) bytes_ += publish.frames.bytes.size();
  return true;
}

void JournalQueue::end() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    std::ranges::move(gathering_, std::back_inserter(work_.publishes));
    gathering_.clear();
  }
  wake_.notify_one();
}

}  // namespace liveops::adapters::bus_local
