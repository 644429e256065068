#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/time.hpp"
#include "fairness/engine.hpp"
#include "fairness/player_key.hpp"

/// What an engine has learnt, as bytes, so that a restart need not learn it again.
///
/// Layout, in the machine's (little-endian) order: "LOGBASES", format u32, bytes of a player's state u32, seed of the
/// player hash 2 x u64, time i64 us, policy version (u32 length, text); population; groups of players (u32 count > 0,
/// then the players), a count of 0; hand and cursor of each shard (2 x u32); CRC-32 of all before (u32). Of a player's
/// state only the words that are not 0 are there: a u32 with a bit for each word, then those words.
namespace liveops::fairness {

struct CheckpointInfo {
  PlayerHasher::Seed seed;
  core::Timestamp taken_at;
  std::string policy_version;
};

/// Takes the bytes in their order.
using CheckpointSink = std::function<core::Status(std::string_view)>;

/// Writes what `engine` knows, while it goes on judging: group after group of players, each as it is then.
/// Errors: those of `sink`. Threads: any. Complexity: some 100 ns a player, 256 of them held at a time.
[[nodiscard]] core::Status write_checkpoint(Engine& engine, const CheckpointInfo& info, const CheckpointSink& sink);

/// A checkpoint that is whole.
class Checkpoint {
 public:
  /// Errors: `corrupt` (broken, or cut off), `conflict` (of another format, or under another policy), in words for the
  /// log.
  [[nodiscard]] static core::Result<Checkpoint> read(std::string bytes, std::string_view policy_version);

  [[nodiscard]] const CheckpointInfo& info() const { return info_; }
  [[nodiscard]] std::size_t players() const { return players_; }

  /// Requires: a new engine, whose players are hashed with `info().seed`. Where it holds fewer than there are, the
  /// longest idle are left out, as always.
  void restore(Engine& engine) const;

 private:
  explicit Checkpoint(std::string bytes) : bytes_(std::move(bytes)) {}

  std::string bytes_;
  CheckpointInfo info_;
  std::size_t players_ = 0;
};

}  // namespace liveops::fairness
