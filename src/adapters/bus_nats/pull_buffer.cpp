#include "adapters/bus_nats/pull_buffer.hpp"

#include <utility>

namespace liveops::adapters::bus_nats {

std::uint64_t PullBuffer::begin_pull(std::size_t messages) {
  open_ = messages;
  return ++last_pull_;
}

void PullBuffer::add(Arrival arrival) {
  waiting_.push_back(std::move(arrival));
  skip();
}

void PullBuffer::skip() {
  if (open_ > 0) --open_;
}

void PullBuffer::end_pull(std::uint64_t pull) {
  if (pull == last_pull_) open_ = 0;
}

std::vector<Arrival> PullBuffer::take(std::size_t max, Instant now) {
  forget_old(now);
  std::vector<Arrival> batch;
  batch.reserve(std::min(max, waiting_.size()));
  while (batch.size() < max && !waiting_.empty()) {
    auto& next = waiting_.front();
    if (next.came_at + visibility_ > now) {
      taken_.insert_or_assign(next.sequence, Taken{next.delivery.tag, next.came_at});
      batch.push_back(std::move(next));
    }
    waiting_.pop_front();
  }
  return batch;
}

void PullBuffer::extended(std::uint64_t sequence, Instant now) {
  if (const auto taken = taken_.find(sequence); taken != taken_.end()) taken->second.since = now;
}

std::vector<std::string> PullBuffer::release(Instant now) {
  forget_old(now);
  std::vector<std::string> tags;
  for (auto& [sequence, taken] : taken_) tags.push_back(std::move(taken.tag));
  for (auto& arrival : waiting_) tags.push_back(std::move(arrival.delivery.tag));
  taken_.clear();
  waiting_.clear();
  return tags;
}

void PullBuffer::forget_old(Instant now) {
  if (now < swept_at_ + visibility_) return;
  swept_at_ = now;
  std::erase_if(taken_, [&](const auto& entry) { return entry.second.since + visibility_ <= now; });
}

}  // namespace liveops::adapters::bus_nats
