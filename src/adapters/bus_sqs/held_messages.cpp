#include "adapters/bus_sqs/held_messages.hpp"

#include <algorithm>

namespace liveops::adapters::bus_sqs {

void HeldMessages::add(const std::string& tag, core::Timestamp sent_at, Instant now) {
  if (now - swept_at_ >= visibility_) forget_old(now);
  held_[tag] = {.sent_at = sent_at, .since = now, .until = now + visibility_};
}

void HeldMessages::extended(const std::string& tag, Instant now) {
  if (const auto found = held_.find(tag); found != held_.end()) found->second.until = now + visibility_;
}

std::vector<std::string> HeldMessages::release(Instant now) {
  forget_old(now);
  std::vector<std::string> tags;
  tags.reserve(held_.size());
  for (const auto& [tag, held] : held_) tags.push_back(tag);
  held_.clear();
  return tags;
}

std::vector<std::string> HeldMessages::to_extend(Instant now, std::chrono::milliseconds longest) const {
  std::vector<std::string> tags;
  for (const auto& [tag, held] : held_) {
    const bool in_hand = held.until > now && now - held.since < longest;
    if (in_hand && held.until - now <= visibility_ / 2) tags.push_back(tag);
  }
  return tags;
}

core::Timestamp HeldMessages::oldest(core::Timestamp otherwise) const {
  for (const auto& [tag, held] : held_) otherwise = std::min(otherwise, held.sent_at);
  return otherwise;
}

void HeldMessages::forget_old(Instant now) {
  std::erase_if(held_, [now](const auto& one) { return one.second.until <= now; });
  swept_at_ = now;
}

}  // namespace liveops::adapters::bus_sqs
