#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace liveops::adapters::store_postgres::leaderboard {

/// Which snapshots this process is writing, and the number that each got when it was begun. Another process that begins
/// the same snapshot anew gives it another number, and what this one still writes under the old number is refused.
///
/// The oldest are forgotten beyond 64. Threads: any.
class Drafts {
 public:
  void put(const std::string& id, std::int64_t number);
  [[nodiscard]] std::optional<std::int64_t> find(const std::string& id) const;
  void remove(const std::string& id);

 private:
  struct Draft {
    std::string id;
    std::int64_t number = 0;
  };
  static constexpr std::size_t kRemembered = 64;
  mutable std::mutex mutex_;
  std::deque<Draft> drafts_;  // oldest first
};

}  // namespace liveops::adapters::store_postgres::leaderboard
