#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace liveops::leaderboard {

/// Rendered pages of tables, each good for one change count of its table (RankIndex::change_count).
///
/// Bounded by bytes; when full it starts afresh. Threads: any.
class PageCache {
 public:
  explicit PageCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// nullopt: not there, or its table has changed since.
  [[nodiscard]] std::optional<std::string> find(const std::string& key, std::uint64_t change) const;
  /// `change`: the table's count from before the page was read.
  void put(std::string key, std::uint64_t change, std::string page);

 private:
  struct Entry {
    std::uint64_t change = 0;
    std::string page;
  };
  std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> pages_;
  std::size_t bytes_ = 0;
};

}  // namespace liveops::leaderboard
