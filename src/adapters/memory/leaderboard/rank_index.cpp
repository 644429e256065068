#include "adapters/memory/leaderboard/rank_index.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <utility>

namespace liveops::adapters::memory {

using core::Errc;
using core::fail;

namespace {

/// A writer gives way to readers after so many entries.
constexpr std::size_t kEntriesPerLock = 256;
/// Entries taken down before others have their turn: about a millisecond.
constexpr std::size_t kEntriesPerTurn = 2000;

core::Timestamp from_us(std::int64_t us) {
  return core::Timestamp(std::chrono::microseconds(us));
}

std::unexpected<core::Error> not_loaded() {
  return fail(Errc::unavailable, "the ranks are being loaded: ask again in a few seconds");
}

}  // namespace

struct RankIndex::Table {
  explicit Table(PlayerNames& names) : ranks(std::make_unique<RankedTable>(names)) {}
  std::shared_mutex mutex;
  std::unique_ptr<RankedTable> ranks;
  std::unique_ptr<RankedTable> fresh;  // while a rebuild runs
  std::atomic<std::uint64_t> change{0};
};

RankIndex::RankIndex() = default;
RankIndex::~RankIndex() = default;

std::shared_ptr<RankIndex::Table> RankIndex::find(const core::StandingsId& id) const {
  const std::shared_lock lock(tables_mutex_);
  const auto found = tables_.find(id);
  return found == tables_.end() ? nullptr : found->second;
}

std::shared_ptr<RankIndex::Table> RankIndex::find_or_make(const core::StandingsId& id) {
  if (auto known = find(id)) return known;
  const std::unique_lock lock(tables_mutex_);
  auto& table = tables_[id];
  if (!table) {
    table = std::make_shared<Table>(names_);
    table->change = next_change();
  }
  return table;
}

std::vector<std::shared_ptr<RankIndex::Table>> RankIndex::all() const {
  const std::shared_lock lock(tables_mutex_);
  std::vector<std::shared_ptr<Table>> tables;
  tables.reserve(tables_.size());
  for (const auto& [id, table] : tables_) tables.push_back(table);
  return tables;
}

void RankIndex::put_into(Table& table, const std::vector<ports::RankEntry>& entries, bool rebuild_only) {
  for (std::size_t start = 0; start < entries.size(); start += kEntriesPerLock) {
    const std::size_t end = std::min(entries.size(), start + kEntriesPerLock);
    const std::unique_lock lock(table.mutex);
    for (std::size_t i = start; i < end; ++i) {
      const ports::RankEntry& from = entries[i];
      const RankedTable::Entry entry{from.rank_key, from.achieved_at.time_since_epoch().count(),
                                     names_.acquire(from.player.str()), from.version};
      if (!rebuild_only) table.ranks->put(entry);
      if (table.fresh) table.fresh->put(entry);
      names_.release(entry.player);
    }
    if (!rebuild_only) table.change = next_change();
  }
}

ports::Task<ports::IndexState> RankIndex::state() {
  if (complete_) co_return ports::IndexState::complete;
  co_return loading_ ? ports::IndexState::loading : ports::IndexState::lost;
}

ports::Task<void> RankIndex::begin_load() {
  loading_ = true;
  co_return core::Status();
}

ports::Task<void> RankIndex::finish_load() {
  if (!loading_.exchange(false)) co_return fail(Errc::conflict, "no load was begun");
  complete_ = true;
  co_return core::Status();
}

ports::Task<void> RankIndex::put(std::vector<ports::RankEntries> tables) {
  for (const auto& [id, entries] : tables) put_into(*find_or_make(id), entries, false);
  co_return core::Status();
}

ports::Task<void> RankIndex::remove(std::vector<core::PlayerId> players) {
  for (const auto& table : all()) {
    const std::unique_lock lock(table->mutex);
    for (const auto& player : players) {
      const auto handle = names_.find(player.str());
      if (!handle) continue;
      // The fresh copy first: the handle lives as long as either holds it, and is not looked up again.
      const bool in_fresh = table->fresh && table->fresh->find(*handle).has_value();
      const bool in_ranks = table->ranks->find(*handle).has_value();
      if (in_fresh) table->fresh->erase(*handle);
      if (in_ranks) table->ranks->erase(*handle);
    }
    table->change = next_change();
  }
  co_return core::Status();
}

ports::RankPage RankIndex::page(const RankedTable& ranks, std::uint64_t offset, std::size_t limit) const {
  ports::RankPage result{ranks.size(), {}};
  const auto entries = ranks.range(offset, limit);
  result.entries.reserve(entries.size());
  const PlayerNames::Reader names(names_);
  for (const auto& entry : entries) {
    result.entries.push_back({++offset, core::PlayerId::trusted(std::string(names.name(entry.player))), entry.rank_key,
                              from_us(entry.achieved_us)});
  }
  return result;
}

ports::Task<ports::RankPage> RankIndex::top(core::StandingsId table, std::uint64_t offset, std::size_t limit) {
  if (!complete_) co_return not_loaded();
  const auto found = find(table);
  if (!found) co_return ports::RankPage{};
  const std::shared_lock lock(found->mutex);
  co_return page(*found->ranks, offset, limit);
}

ports::Task<ports::RankPage> RankIndex::around(core::StandingsId table, core::PlayerId player, std::size_t radius) {
  if (!complete_) co_return not_loaded();
  const auto found = find(table);
  if (!found) co_return fail(Errc::not_found, "the player is not in this table");
  const std::shared_lock lock(found->mutex);
  const auto handle = names_.find(player.str());
  const auto rank = handle ? found->ranks->rank(*handle) : std::nullopt;
  if (!rank) co_return fail(Errc::not_found, "the player is not in this table");
  const std::uint64_t first = *rank - std::min<std::uint64_t>(*rank, radius);
  co_return page(*found->ranks, first, static_cast<std::size_t>(*rank - first) + 1 + radius);
}

ports::Task<ports::RankLookup> RankIndex::ranks_of(core::StandingsId table, std::vector<core::PlayerId> players) {
  if (!complete_) co_return not_loaded();
  ports::RankLookup result;
  result.found.resize(players.size());
  const auto found = find(table);
  if (!found) co_return result;
  const std::shared_lock lock(found->mutex);
  result.total = found->ranks->size();
  for (std::size_t i = 0; i < players.size(); ++i) {
    const auto handle = names_.find(players[i].str());
    const auto entry = handle ? found->ranks->find(*handle) : std::nullopt;
    if (!entry) continue;
    result.found[i] = ports::Ranked{found->ranks->rank(*entry) + 1, std::move(players[i]), entry->rank_key,
                                    from_us(entry->achieved_us)};
  }
  co_return result;
}

ports::Task<std::vector<core::StandingsId>> RankIndex::tables() {
  const std::shared_lock lock(tables_mutex_);
  std::vector<core::StandingsId> ids;
  ids.reserve(tables_.size());
  for (const auto& [id, table] : tables_) ids.push_back(id);
  co_return ids;
}

ports::Task<void> RankIndex::take_down(std::unique_ptr<RankedTable> ranks) {
  // A million entries take a good part of a second: others get their turn in between.
  while (ranks->take_down(kEntriesPerTurn)) co_await boost::asio::post(boost::asio::use_awaitable);
  co_return core::Status();
}

ports::Task<void> RankIndex::drop(core::StandingsId table) {
  std::shared_ptr<Table> dropped;
  {
    const std::unique_lock lock(tables_mutex_);
    const auto found = tables_.find(table);
    if (found == tables_.end()) co_return core::Status();
    dropped = std::move(found->second);
    tables_.erase(found);
  }
  // Whoever found the table before it was taken away finds an empty one.
  auto ranks = std::make_unique<RankedTable>(names_);
  {
    const std::unique_lock lock(dropped->mutex);
    std::swap(ranks, dropped->ranks);
  }
  co_return co_await take_down(std::move(ranks));
}

ports::Task<void> RankIndex::begin_rebuild(core::StandingsId table) {
  const auto found = find_or_make(table);
  const std::unique_lock lock(found->mutex);
  found->fresh = std::make_unique<RankedTable>(names_);
  co_return core::Status();
}

ports::Task<void> RankIndex::put_rebuild(ports::RankEntries entries) {
  const auto found = find(entries.table);
  if (!found) co_return fail(Errc::conflict, "no rebuild was begun");
  {
    const std::shared_lock lock(found->mutex);
    if (!found->fresh) co_return fail(Errc::conflict, "no rebuild was begun");
  }
  put_into(*found, entries.entries, true);
  co_return core::Status();
}

ports::Task<void> RankIndex::finish_rebuild(core::StandingsId table) {
  const auto found = find(table);
  if (!found) co_return fail(Errc::conflict, "no rebuild was begun");
  std::unique_ptr<RankedTable> old;
  {
    const std::unique_lock lock(found->mutex);
    if (!found->fresh) co_return fail(Errc::conflict, "no rebuild was begun");
    old = std::exchange(found->ranks, std::move(found->fresh));
    found->change = next_change();
  }
  co_return co_await take_down(std::move(old));
}

RankIndex::Size RankIndex::size() const {
  Size size{.bytes = names_.memory_bytes(), .players = names_.size()};
  for (const auto& table : all()) {
    const std::shared_lock lock(table->mutex);
    for (const auto* ranks : {table->ranks.get(), table->fresh.get()}) {
      if (ranks == nullptr) continue;
      size.bytes += ranks->memory_bytes();
      size.entries += ranks->size();
    }
  }
  return size;
}

std::optional<std::uint64_t> RankIndex::change_count(const core::StandingsId& table) const {
  const auto found = find(table);
  return found ? found->change.load() : 0;
}

}  // namespace liveops::adapters::memory
