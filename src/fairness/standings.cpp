#include "fairness/standings.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
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
  // The position first: what changes between the two reads comes twice rather than never.
  const auto start = co_await store_.changes(0);
  if (!start) co_return std::unexpected(start.error());
  const auto active = co_await store_.active(now);
  if (!active) co_return std::unexpected(active.error());
  position_ = start->position;
  (void)apply(*active, std::identity{});
  co_return core::Status{};
}

ports::Task<std::vector<ports::StandingNews>> Standings::follow() {
  auto feed = co_await store_.changes(position_);
  if (!feed) co_return std::unexpected(feed.error());
  position_ = feed->position;
  const std::vector<bool> is_new = apply(feed->news, &ports::StandingNews::standing);
  std::vector<ports::StandingNews> news;
  for (std::size_t i = 0; i < is_new.size(); ++i) {
    if (is_new[i]) news.push_back(std::move(feed->news[i]));
  }
  co_return news;
}

ports::Task<std::vector<ports::PlayerStanding>> Standings::change(std::vector<ports::StandingRequest> requests) {
  auto stored = co_await store_.put(std::move(requests));
  if (stored) (void)apply(*stored, std::identity{});
  co_return stored;
}

template <class Items, class Standing>
std::vector<bool> Standings::apply(const Items& items, Standing standing_of) {
  std::vector<bool> is_new;
  std::int64_t without_room = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& item : items) {
      const Applied applied = apply_one(std::invoke(standing_of, item));
      is_new.push_back(applied == Applied::taken_over);
      without_room += applied == Applied::no_room ? 1 : 0;
    }
    size_.store(held_.size(), std::memory_order_relaxed);
  }
  if (without_room > 0) {
    log_.error("too many standings are in force at once: some are stored but take effect only after a restart",
               {{"count", without_room}});
  }
  return is_new;
}

Standings::Applied Standings::apply_one(const ports::PlayerStanding& standing) {
  const auto held = held_.find(standing.player_id);
  if (held != held_.end()) {
    // Good standing is kept too until it is swept: an older block that arrives late must not bring itself back.
    if (standing.version <= held->second.version) return Applied::known;
    held->second = standing;
    return Applied::taken_over;
  }
  if (held_.size() >= capacity_ && !make_room(standing.state)) return Applied::no_room;
  held_.emplace(standing.player_id, standing);
  return Applied::taken_over;
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
