#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/redis/client/client.hpp"
#include "adapters/redis/leaderboard/answers.hpp"
#include "adapters/redis/leaderboard/epoch.hpp"
#include "adapters/redis/leaderboard/known_tables.hpp"
#include "ports/rank_index.hpp"

namespace liveops::adapters::redis::leaderboard {

/// The rank index of any number of replicas, on a Redis server (6.2 or later) that need not keep anything: it is never
/// read after the server was restarted, emptied or exchanged, before it was loaded anew.
///
/// One round trip for a read, one for a put of up to 8000 entries; one more where a table is met for the first time.
/// The server needs `maxmemory-policy noeviction`, its user the commands of the scripts and INFO.
/// Threads: any.
class RankIndex final : public ports::RankIndex {
 public:
  /// `client` outlives it. `prefix` begins every key.
  explicit RankIndex(Client& client, std::string prefix = "lb");

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
  [[nodiscard]] std::optional<std::uint64_t> change_count(const core::StandingsId&) const override {
    return std::nullopt;
  }

 private:
  /// One run of a table's script.
  struct Step {
    core::StandingsId table;
    std::vector<std::string> arguments;
  };
  /// A table whose life has to be looked into before what its script did can be relied on.
  struct Doubt {
    core::StandingsId table;
    TableLife life;
  };

  [[nodiscard]] ports::Task<EpochView> epoch_that_takes_entries();
  [[nodiscard]] ports::Task<EpochView> complete_epoch();
  [[nodiscard]] ports::Task<Reply> read(const Script& script, core::StandingsId table,
                                        std::vector<std::string> arguments);
  /// True: what was read is right. False: read again.
  [[nodiscard]] ports::Task<bool> settle_read(EpochView before, Doubt doubt);
  [[nodiscard]] ports::Task<void> settle_write(EpochView before, std::vector<Doubt> doubts);
  /// Runs all of them; gives an answer each.
  [[nodiscard]] ports::Task<std::vector<Reply>> run_steps(const Script& script, std::vector<Step> steps);
  /// As run_steps, for scripts that write to tables that are in use.
  [[nodiscard]] ports::Task<void> write(const Script& script, std::vector<Step> steps);
  [[nodiscard]] ports::Task<void> register_tables(std::vector<core::StandingsId> tables);
  [[nodiscard]] std::optional<std::string> rebuilder(const core::StandingsId& table) const;

  Client& client_;
  std::string prefix_;
  Epoch epoch_;
  KnownTables known_;
  mutable std::mutex mutex_;
  std::map<core::StandingsId, std::string> rebuilds_;  // table -> id of the rebuild of this process
};

}  // namespace liveops::adapters::redis::leaderboard
