#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/standings_id.hpp"
#include "core/time.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// A player's place in one table: the greater `rank_key` is ahead, equal ones go by player id, ascending.
struct RankEntry {
  core::PlayerId player;
  std::int64_t rank_key = 0;  // 0..2^53-1
  core::Timestamp achieved_at;
  std::uint32_t version = 0;
  friend bool operator==(const RankEntry&, const RankEntry&) = default;
};

/// Entries of one table.
struct RankEntries {
  core::StandingsId table;
  std::vector<RankEntry> entries;
};

struct Ranked {
  std::uint64_t rank = 0;  // from 1
  core::PlayerId player;
  std::int64_t rank_key = 0;
  core::Timestamp achieved_at;
  friend bool operator==(const Ranked&, const Ranked&) = default;
};

/// Part of a table, in rank order.
struct RankPage {
  std::uint64_t total = 0;  // players in the table
  std::vector<Ranked> entries;
};

/// Players of one table, in the order asked for; nullopt: not in the table.
struct RankLookup {
  std::uint64_t total = 0;
  std::vector<std::optional<Ranked>> found;
};

/// How far an index can be trusted.
enum class IndexState : std::uint8_t {
  lost,     // new, emptied, or an old copy of itself: it has to be loaded from the store
  loading,  // somebody is at it
  complete  // holds all that was put since a load was finished
};

/// Answers "who is where" for tables of standings. Holds only what can be rebuilt from the StandingStore, and knows
/// when that must be done: `top`, `around` and `ranks_of` are `unavailable` unless the state is `complete`.
///
/// Order: total, the same in every adapter. A page read while entries change is one consistent moment of its table.
/// Threads: any. Every call: `unavailable` when the index is away (safe to repeat). A table that is unknown is empty.
class RankIndex {
 public:
  virtual ~RankIndex() = default;

  [[nodiscard]] virtual Task<IndexState> state() = 0;

  /// Starts a load of all tables, which is done by `begin_rebuild` and so on for each. An index that is `lost` is
  /// `loading` from here on and takes `put` and `remove`; one that is `complete` stays so and is read meanwhile. Begun
  /// again by the same process: afresh. Errors: `conflict` (another process loads: try later).
  [[nodiscard]] virtual Task<void> begin_load() = 0;
  /// The load is done: the index is `complete`. Errors: `conflict` (none was begun, or what it loaded was lost: begin
  /// again).
  [[nodiscard]] virtual Task<void> finish_load() = 0;

  /// Takes absolute entries; per player and table the highest version wins, so that repeats and old news do no harm.
  /// Errors: `unavailable` (part may have been taken: put all again; perhaps the index is `lost`).
  [[nodiscard]] virtual Task<void> put(std::vector<RankEntries> tables) = 0;

  /// Takes these players out of every table, versions included: a later `put` brings them back.
  [[nodiscard]] virtual Task<void> remove(std::vector<core::PlayerId> players) = 0;

  [[nodiscard]] virtual Task<RankPage> top(core::StandingsId table, std::uint64_t offset, std::size_t limit) = 0;

  /// The player with up to `radius` neighbours on either side. Errors: `not_found`.
  [[nodiscard]] virtual Task<RankPage> around(core::StandingsId table, core::PlayerId player, std::size_t radius) = 0;

  [[nodiscard]] virtual Task<RankLookup> ranks_of(core::StandingsId table, std::vector<core::PlayerId> players) = 0;

  /// The tables it holds, in some order; also such as are empty.
  [[nodiscard]] virtual Task<std::vector<core::StandingsId>> tables() = 0;

  /// Forgets a table.
  [[nodiscard]] virtual Task<void> drop(core::StandingsId table) = 0;

  /// Starts filling a fresh copy of the table beside the one that is read; an unfinished copy is thrown away. Until
  /// `finish_rebuild`, `put` and `remove` reach both.
  [[nodiscard]] virtual Task<void> begin_rebuild(core::StandingsId table) = 0;
  /// As `put`, into the fresh copy. Errors: `conflict` (no rebuild was begun, or another process began one since).
  [[nodiscard]] virtual Task<void> put_rebuild(RankEntries entries) = 0;
  /// The fresh copy takes the table's place. Errors: `conflict` as put_rebuild.
  [[nodiscard]] virtual Task<void> finish_rebuild(core::StandingsId table) = 0;

  /// A number that differs whenever the table's contents may differ from an earlier call; nullopt when the adapter
  /// cannot tell without asking a server. Never waits.
  [[nodiscard]] virtual std::optional<std::uint64_t> change_count(const core::StandingsId& table) const = 0;
};

}  // namespace liveops::ports
