#include "adapters/bus_inmem/consumer.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::bus_inmem {

using std::chrono::steady_clock;

Consumer::Consumer(Topic& topic, Group& group, DeadLetterBox& dead, Faults& faults)
    : topic_(topic), group_(group), dead_(dead), faults_(faults), holder_(topic.next_holder()) {}

Consumer::~Consumer() {
  close();
}

ports::Task<std::vector<ports::Delivery>> Consumer::receive(std::size_t max, std::chrono::milliseconds wait) {
  const auto deadline = steady_clock::now() + wait;
  while (true) {
    const auto seen = group_.signal.version();
    if (closed_.load()) co_return std::vector<ports::Delivery>();
    std::chrono::microseconds at_most = std::chrono::hours(1);
    auto batch = topic_.take(group_, max, holder_, at_most);
    if (closed_.load()) {  // closed meanwhile: what close() could not see yet goes back too
      topic_.release(group_, holder_);
      co_return std::vector<ports::Delivery>();
    }
    const auto left = deadline - steady_clock::now();
    if (!batch.empty() || left <= steady_clock::duration::zero()) co_return batch;
    co_await group_.signal.wait(seen, std::min<steady_clock::duration>(left, at_most));
  }
}

ports::Task<void> Consumer::ack(std::vector<std::string> tags) {
  if (Faults::take(faults_.acks)) co_return core::fail(core::Errc::unavailable, "ack failed as ordered");
  topic_.ack(group_, tags);
  co_return core::Status();
}

ports::Task<void> Consumer::nack(std::vector<std::string> tags, std::chrono::milliseconds delay) {
  topic_.nack(group_, tags, delay);
  co_return core::Status();
}

ports::Task<void> Consumer::dead_letter(ports::Delivery delivery, std::string reason) {
  co_return topic_.dead_letter(group_, std::move(delivery), std::move(reason), dead_);
}

ports::Task<void> Consumer::extend(std::vector<std::string> tags) {
  topic_.extend(group_, tags);
  co_return core::Status();
}

ports::Task<ports::Backlog> Consumer::backlog() {
  co_return topic_.backlog(group_);
}

void Consumer::close() {
  if (!closed_.exchange(true)) topic_.release(group_, holder_);
}

}  // namespace liveops::adapters::bus_inmem
