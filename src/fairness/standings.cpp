#include "fairness/standings.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace liveops::fairness {
namespace {

// Good standing is kept for a minute, while an older change may still be under way.
constexpr std::chrono::minutes kLinger{1};

bool has_ended(const ports::PlayerStanding& standing, core::Timestamp now) {
  return standing.state == core::VerdictAction::allow || (standing.until && *standing.until <= now);
}

}  // namespace

std::optional<ports::PlayerStanding> Standings::in_force(const core::PlayerId& player, core::Timestamp now) const {
  if (size() == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(player);
  if (held == held_.end() || has_ended(held->second, now)) return std::nullopt;
  return held->second;
}

ports::Task<void> Standings::load(core::Timestamp now) {
  auto active = co_await store_.active(now);
  if (!active) co_return std::unexpected(active.error());
  apply(*active);
  co_return core::Status{};
}

ports::Task<std::vector<ports::PlayerStanding>> Standings::change(std::vector<ports::StandingRequest> requests) {
  auto stored = co_await store_.put(std::move(requests));
  if (stored) apply(*stored);
  co_return stored;
}

void Standings::apply(const std::vector<ports::PlayerStanding>& standings) {
  std::size_t without_room = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const ports::PlayerStanding& standing : standings) without_room += apply_one(standing) ? 0 : 1;
    size_.store(held_.size(), std::memory_order_relaxed);
  }
  if (without_room == 0) return;
  log_.error("too many standings are in force at once: some are stored but take effect only after a restart",
             {{"count", static_cast<std::int64_t>(without_room)}});
}

bool Standings::apply_one(const ports::PlayerStanding& standing) {
  const auto held = held_.find(standing.player_id);
  if (held != held_.end()) {
    // Good standing is kept too until it is swept: an older block that arrives late must not bring itself back.
    if (standing.version > held->second.version) held->second = standing;
    return true;
  }
  if (held_.size() >= capacity_ && !make_room(standing.state)) return false;
  held_.emplace(standing.player_id, standing);
  return true;
}

bool Standings::make_room(core::VerdictAction wanted) {
  if (wanted != core::VerdictAction::block) return false;
  const auto weakest =
      std::ranges::find_if(held_, [](const auto& entry) { return entry.second.state != core::VerdictAction::block; });
  if (weakest == held_.end()) return false;
  held_.erase(weakest);
  return true;
}

void Standings::expire(core::Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_,
                [now](const auto& entry) { return has_ended(entry.second, now) && entry.second.at + kLinger <= now; });
  size_.store(held_.size(), std::memory_order_relaxed);
}

}  // namespace liveops::fairness
