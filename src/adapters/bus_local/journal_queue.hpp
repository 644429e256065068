#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "adapters/bus_local/segment.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_local {

/// Somebody who waits for an outcome on an executor.
template <class Outcome>
struct Waiting {
  boost::asio::any_io_executor executor;  // kept busy while this exists
  std::move_only_function<void(Outcome)> resume;
};

/// What waits for the journal's thread.
///
/// A publish is shown to the thread only after its executor has run what else it has ready: requests that arrived
/// together go into one commit, and the thread is woken once for all of them.
/// Threads: any. Lives in a shared_ptr, as an executor may come back to it after its journal has ended.
class JournalQueue : public std::enable_shared_from_this<JournalQueue> {
 public:
  using Outcomes = core::Result<std::vector<ports::PublishOutcome>>;

  struct Publish {
    ports::Topic topic = ports::Topic::events;
    Frames frames;
    std::vector<ports::PublishOutcome> outcomes;
    Waiting<Outcomes> waiting;
  };
  struct Task {
    std::move_only_function<core::Status()> work;
    Waiting<core::Status> waiting;
  };
  struct Work {
    std::vector<Publish> publishes;
    std::vector<Task> tasks;
  };

  explicit JournalQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// False, and nothing is taken, when the queue is full or ended.
  [[nodiscard]] bool add(Publish& publish);
  void add(Task task);

  /// Waits for work until `deadline`. False: the queue has ended and nothing is left.
  [[nodiscard]] bool next(Work& work, std::chrono::steady_clock::time_point deadline);
  /// Takes nothing more; what is there, `next` still gives.
  void end();

 private:
  void release(const boost::asio::any_io_executor& executor);

  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Publish> gathering_;                       // not yet shown
  std::vector<boost::asio::any_io_executor> releasing_;  // which will come back to show it
  Work work_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace liveops::adapters::bus_local
