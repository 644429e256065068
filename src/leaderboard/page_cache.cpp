#include "leaderboard/page_cache.hpp"

namespace liveops::leaderboard {

namespace {

constexpr std::size_t kEntryBytes = 128;  // of the table itself, about

}  // namespace

std::optional<std::string> PageCache::find(const std::string& key, std::uint64_t change) const {
  const std::lock_guard lock(mutex_);
  const auto found = pages_.find(key);
  if (found == pages_.end() || found->second.change != change) return std::nullopt;
  return found->second.page;
}

void PageCache::put(std::string key, std::uint64_t change, std::string page) {
  const std::size_t bytes = key.size() + page.size() + kEntryBytes;
  if (bytes > max_bytes_) return;
  const std::lock_guard lock(mutex_);
  if (const auto old = pages_.find(key); old != pages_.end()) {
    bytes_ -= old->first.size() + old->second.page.size() + kEntryBytes;
    pages_.erase(old);
  }
  if (bytes_ + bytes > max_bytes_) {
    pages_.clear();
    bytes_ = 0;
  }
  bytes_ += bytes;
  pages_.emplace(std::move(key), Entry{change, std::move(page)});
}

}  // namespace liveops::leaderboard
