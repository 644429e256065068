#include "adapters/memory/leaderboard/leases.hpp"

namespace liveops::adapters::memory {

ports::Task<bool> Leases::acquire(ports::LeaseClaim claim) {
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(claim.name);
  const bool free = held == held_.end() || held->second.until <= now || held->second.holder == claim.holder;
  if (free) held_[claim.name] = {claim.holder, now + claim.ttl};
  co_return free;
}

ports::Task<bool> Leases::renew(ports::LeaseClaim claim) {
  const auto now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(claim.name);
  if (held == held_.end() || held->second.holder != claim.holder) co_return false;
  held->second.until = now + claim.ttl;
  co_return true;
}

ports::Task<void> Leases::release(std::string name, std::string holder) {
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(name);
  if (held != held_.end() && held->second.holder == holder) held_.erase(held);
  co_return core::Status();
}

}  // namespace liveops::adapters::memory
