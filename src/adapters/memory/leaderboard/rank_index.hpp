#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>

#include "adapters/memory/leaderboard/player_names.hpp"
#include "adapters/memory/leaderboard/ranked_table.hpp"
#include "ports/rank_index.hpp"

namespace liveops::adapters::memory {

/// The rank index inside one process. `lost` until the first load, never again; no call waits for anything but a lock
/// held for microseconds.
class RankIndex final : public ports::RankIndex {
 public:
  RankIndex();
  ~RankIndex() override;

  ports::Task<ports::IndexState> state() override;
  ports::Task<void> begin_load() override;
  ports::Task<void> finish_load() override;
  ports::Task<void> put(std::vector<ports::RankEntries> tables) override;
  ports::Task<void> remove(std::vector<core::PlayerId> players) override;
  ports::Task<ports::RankPage> top(core::StandingsId table, std::uint64_t offset, std::size_t limit) override;
  ports::Task<ports::RankPage> around(core::StandingsId table, core::PlayerId player, std::size_t radius) override;
  ports::Task<ports::RankLookup> ranks_of(core::StandingsId table, std::vector<core::PlayerId> players) override;
  ports::Task<std::vector<core::StandingsId>> tables() override;
  ports::Task<void> drop(core::StandingsId table) override;
  ports::Task<void> begin_rebuild(core::StandingsId table) override;
  ports::Task<void> put_rebuild(ports::RankEntries entries) override;
  ports::Task<void> finish_rebuild(core::StandingsId table) override;
  [[nodiscard]] std::optional<std::uint64_t> change_count(const core::StandingsId& table) const override;

  struct Size {
    std::uint64_t bytes = 0;
    std::uint64_t players = 0;  // who are in some table
    std::uint64_t entries = 0;  // of all tables, fresh copies included
  };
  /// Complexity: O(entries / 512).
  [[nodiscard]] Size size() const;

 private:
  struct Table;
  [[nodiscard]] std::shared_ptr<Table> find(const core::StandingsId& id) const;
  [[nodiscard]] std::shared_ptr<Table> find_or_make(const core::StandingsId& id);
  [[nodiscard]] std::vector<std::shared_ptr<Table>> all() const;
  void put_into(Table& table, const std::vector<ports::RankEntry>& entries, bool rebuild_only);
  [[nodiscard]] ports::RankPage page(const RankedTable& ranks, std::uint64_t offset, std::size_t limit) const;
  /// Frees a table that nobody uses any more.
  [[nodiscard]] ports::Task<void> take_down(std::unique_ptr<RankedTable> ranks);
  [[nodiscard]] std::uint64_t next_change() { return changes_.fetch_add(1) + 1; }

  std::atomic<bool> loading_{false};
  std::atomic<bool> complete_{false};
  PlayerNames names_;                      // outlives the tables
  std::atomic<std::uint64_t> changes_{0};  // of all tables together: a number is never given twice
  mutable std::shared_mutex tables_mutex_;
  std::map<core::StandingsId, std::shared_ptr<Table>> tables_;
};

}  // namespace liveops::adapters::memory
