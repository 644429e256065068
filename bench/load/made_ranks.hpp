#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>

#include "ports/rank_index.hpp"

namespace liveops::bench {

/// Members of one table of the rank index, and standings for them: made up, the same in every run.
class MadeRanks {
 public:
  [[nodiscard]] static core::StandingsId table() {
    return {core::BoardId::trusted("score"), core::Window::daily, "2026-11-22"};
  }

  explicit MadeRanks(std::uint64_t members) : members_(members) {}

  [[nodiscard]] std::uint64_t members() const { return members_; }
  [[nodiscard]] core::PlayerId anybody() { return player(random_() % members_); }
  /// A new standing of a member chosen at random.
  [[nodiscard]] ports::RankEntry change() { return entry(random_() % members_); }
  /// New standings of `size` members from `first` on, or of those that there are.
  [[nodiscard]] ports::RankEntries chunk(std::uint64_t first, std::uint64_t size) {
    ports::RankEntries made{.table = table(), .entries = {}};
    for (std::uint64_t i = first; i < std::min(first + size, members_); ++i) made.entries.push_back(entry(i));
    return made;
  }

 private:
  static constexpr std::int64_t kMaxKey = std::int64_t{1} << 40U;

  static core::PlayerId player(std::uint64_t number) {
    return core::PlayerId::trusted("player-" + std::to_string(number));
  }
  ports::RankEntry entry(std::uint64_t number) {
    return {.player = player(number),
            .rank_key = static_cast<std::int64_t>(random_()) & (kMaxKey - 1),
            .achieved_at = core::Timestamp{std::chrono::seconds(1'790'000'000)},
            .version = ++version_};
  }

  std::uint64_t members_;
  std::mt19937_64 random_{1};
  std::uint32_t version_ = 0;
};

}  // namespace liveops::bench
