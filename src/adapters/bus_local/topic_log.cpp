#include "adapters/bus_local/topic_log.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::bus_local {

TopicLog::TopicLog(ports::Topic topic, std::size_t max_in_flight, std::size_t max_cached_bytes)
    : topic_(topic),
      limits_{.max_in_flight = max_in_flight, .max_span = 16 * max_in_flight},
      max_cached_bytes_(max_cached_bytes) {}

void TopicLog::restore(std::uint64_t head, std::map<std::uint64_t, std::string> addressed) {
  const std::lock_guard lock(mutex_);
  head_ = head;
  addressed_ = std::move(addressed);
}

void TopicLog::append(std::span<const SharedSegment> segments) {
  if (segments.empty()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& segment : segments) {
    cached_bytes_ += segment->frames.bytes.size();
    tail_.push_back(segment);
    if (!segment->only_group.empty()) addressed_.emplace(segment->first, segment->only_group);
  }
  while (cached_bytes_ > max_cached_bytes_ && tail_.size() > 1) {
    cached_bytes_ -= tail_.front()->frames.bytes.size();
    tail_.pop_front();
  }
  head_ = segments.back()->end();
  for (auto& [name, group] : groups_) {
    {
      const std::lock_guard group_lock(group->mutex);
      for (const auto& segment : segments) {
        if (!segment->only_group.empty() && segment->only_group != name) group->ledger.skip(segment->first);
      }
      group->ledger.grow_to(head_);
    }
    group->signal.notify();
  }
}

void TopicLog::add_group(const std::string& name, std::uint64_t position) {
  const std::lock_guard lock(mutex_);
  auto& group = groups_[name];
  if (group) return;
  group = std::make_unique<Group>(name, position, head_, limits_);
  for (const auto& [offset, owner] : addressed_) {
    if (owner != name) group->ledger.skip(offset);
  }
}

Group* TopicLog::find_group(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : found->second.get();
}

SharedSegment TopicLog::cached(std::uint64_t offset) const {
  const std::lock_guard lock(mutex_);
  const auto after = std::ranges::upper_bound(tail_, offset, {}, [](const auto& segment) { return segment->first; });
  if (after == tail_.begin()) return nullptr;
  const auto& segment = *std::prev(after);
  return segment->holds(offset) ? segment : nullptr;
}

std::map<std::string, std::uint64_t> TopicLog::positions() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> positions;
  for (const auto& [name, group] : groups_) {
    const std::lock_guard group_lock(group->mutex);
    positions.emplace(name, group->ledger.position());
  }
  return positions;
}

void TopicLog::forget_below(std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  while (!tail_.empty() && tail_.front()->end() <= offset) {
    cached_bytes_ -= tail_.front()->frames.bytes.size();
    tail_.pop_front();
  }
  addressed_.erase(addressed_.begin(), addressed_.lower_bound(offset));
}

}  // namespace liveops::adapters::bus_local
