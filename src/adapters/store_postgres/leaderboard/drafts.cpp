#include "adapters/store_postgres/leaderboard/drafts.hpp"

#include <algorithm>

namespace liveops::adapters::store_postgres::leaderboard {

void Drafts::put(const std::string& id, std::int64_t number) {
  const std::lock_guard lock(mutex_);
  std::erase_if(drafts_, [&](const Draft& draft) { return draft.id == id; });
  if (drafts_.size() >= kRemembered) drafts_.pop_front();
  drafts_.push_back({id, number});
}

std::optional<std::int64_t> Drafts::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(drafts_, id, &Draft::id);
  if (found == drafts_.end()) return std::nullopt;
  return found->number;
}

void Drafts::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(drafts_, [&](const Draft& draft) { return draft.id == id; });
}

}  // namespace liveops::adapters::store_postgres::leaderboard
