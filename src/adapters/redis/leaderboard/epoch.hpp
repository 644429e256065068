#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/redis/client/client.hpp"
#include "ports/rank_index.hpp"

namespace liveops::adapters::redis::leaderboard {

/// One stretch of time in which the server has held the index without a gap (docs/adr/0009).
struct EpochView {
  std::string id;  // empty: lost
  ports::IndexState state = ports::IndexState::lost;

  /// May entries be put?
  [[nodiscard]] bool takes_entries() const { return state != ports::IndexState::lost; }
  [[nodiscard]] bool complete() const { return state == ports::IndexState::complete; }
};

/// The marker by which it is noticed that the server was emptied or came back with an old copy: a random id, never
/// used again, beside the id of the server's process that took it.
///
/// Threads: any. Errors of all: `unavailable` (the server is away); besides as said.
class Epoch {
 public:
  /// `client` outlives it.
  Epoch(Client& client, const std::string& prefix);

  /// What was last heard.
  [[nodiscard]] EpochView last() const;
  /// What is so now.
  [[nodiscard]] ports::Task<EpochView> ask();

  /// A load of this process.
  struct Load {
    std::string id;      // of the epoch
    bool fresh = false;  // the epoch begins with it; else it goes on beside what is read
  };
  [[nodiscard]] std::optional<Load> load() const;

  /// Errors: `conflict` (another process loads).
  [[nodiscard]] ports::Task<void> begin_load();
  /// Keeps others from taking the load over for some more seconds; nothing when none was begun. Errors: `unavailable`
  /// also when it was taken over or its work is lost.
  [[nodiscard]] ports::Task<void> renew_load();
  /// Errors: `conflict` (none was begun, taken over, or lost).
  [[nodiscard]] ports::Task<void> finish_load();

  /// Has everybody take the index for lost, if `id` is still the epoch.
  [[nodiscard]] ports::Task<void> end(std::string id);

 private:
  void note(EpochView view, std::optional<Load> load);

  Client& client_;
  std::string key_;
  std::string loader_;  // this object
  mutable std::mutex mutex_;
  EpochView last_;
  std::optional<Load> load_;
};

}  // namespace liveops::adapters::redis::leaderboard
