#include "adapters/redis/leaderboard/rank_index.hpp"

#include <algorithm>

#include "adapters/redis/leaderboard/scripts.hpp"
#include "adapters/redis/leaderboard/table_keys.hpp"

namespace liveops::adapters::redis::leaderboard {

using core::Errc;
using core::fail;
using ports::IndexState;

namespace {

/// A read is tried again when the index was loaded anew meanwhile.
constexpr int kReadAttempts = 3;
/// Lua and Redis count in doubles.
constexpr std::uint64_t kMaxOffset = std::uint64_t{1} << 52U;

std::unexpected<core::Error> not_loaded() {
  return fail(Errc::unavailable, "the ranks are being loaded: ask again in a few seconds");
}

std::string number(std::uint64_t value) {
  return std::to_string(std::min(value, kMaxOffset));
}

}  // namespace

RankIndex::RankIndex(Client& client, std::string prefix)
    : client_(client), prefix_(std::move(prefix)), epoch_(client, prefix_) {}

ports::Task<IndexState> RankIndex::state() {
  const auto epoch = co_await epoch_.ask();
  if (!epoch) co_return std::unexpected(epoch.error());
  co_return epoch->state;
}

ports::Task<void> RankIndex::begin_load() {
  return epoch_.begin_load();
}

ports::Task<void> RankIndex::finish_load() {
  return epoch_.finish_load();
}

ports::Task<EpochView> RankIndex::epoch_that_takes_entries() {
  auto last = epoch_.last();
  if (last.takes_entries()) co_return last;
  auto now = co_await epoch_.ask();
  if (now && !now->takes_entries()) co_return not_loaded();
  co_return now;
}

ports::Task<EpochView> RankIndex::complete_epoch() {
  auto last = epoch_.last();
  if (last.complete()) co_return last;
  auto now = co_await epoch_.ask();
  if (now && !now->complete()) co_return not_loaded();
  co_return now;
}

ports::Task<Reply> RankIndex::read(const Script& script, core::StandingsId table, std::vector<std::string> arguments) {
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    auto epoch = co_await complete_epoch();
    if (!epoch) co_return std::unexpected(epoch.error());
    auto reply = co_await script.run(client_, table_keys(prefix_, table), arguments);
    if (!reply) co_return index_error(reply.error());
    auto life = read_life(*reply);
    if (!life) co_return std::unexpected(life.error());
    if (life->condition == Condition::whole && known_.lives(epoch->id, table, life->born)) co_return reply;
    const auto settled = co_await settle_read(std::move(*epoch), {table, std::move(*life)});
    if (!settled) co_return std::unexpected(settled.error());
    if (*settled) co_return reply;
  }
  co_return not_loaded();
}

ports::Task<bool> RankIndex::settle_read(EpochView before, Doubt doubt) {
  // Asked after the read: the epoch of before still runs, so nothing had been lost when the table was read.
  const auto now = co_await epoch_.ask();
  if (!now) co_return std::unexpected(now.error());
  if (!now->complete()) co_return not_loaded();
  if (now->id != before.id) co_return false;
  if (doubt.life.condition == Condition::none) co_return true;
  std::vector<Doubt> doubts;
  doubts.push_back(std::move(doubt));
  if (auto done = co_await settle_write(std::move(before), std::move(doubts)); !done) {
    co_return std::unexpected(done.error());
  }
  co_return true;
}

ports::Task<void> RankIndex::settle_write(EpochView before, std::vector<Doubt> doubts) {
  const auto now = co_await epoch_.ask();
  if (!now) co_return std::unexpected(now.error());
  if (!now->takes_entries()) co_return not_loaded();
  const bool damaged =
      std::ranges::any_of(doubts, [](const Doubt& doubt) { return doubt.life.condition == Condition::damaged; });
  if (damaged) {
    // While a load runs, an old table may be waiting for its turn; afterwards there must be none.
    if (now->complete() && now->id == before.id) {
      if (auto done = co_await epoch_.end(now->id); !done) co_return done;
    }
    co_return not_loaded();
  }
  std::vector<core::StandingsId> tables;
  for (const auto& doubt : doubts) {
    if (doubt.life.condition == Condition::whole) tables.push_back(doubt.table);
  }
  if (auto done = co_await register_tables(std::move(tables)); !done) co_return done;
  for (auto& doubt : doubts) {
    if (doubt.life.condition == Condition::whole) known_.learn(now->id, doubt.table, std::move(doubt.life.born));
  }
  co_return core::Status();
}

ports::Task<void> RankIndex::register_tables(std::vector<core::StandingsId> tables) {
  if (tables.empty()) co_return core::Status();
  Command command{"SADD", tables_key(prefix_)};
  for (const auto& table : tables) command.push_back(table_name(table));
  const auto reply = co_await client_.run(std::move(command));
  if (!reply) co_return index_error(reply.error());
  co_return core::Status();
}

ports::Task<ports::RankPage> RankIndex::top(core::StandingsId table, std::uint64_t offset, std::size_t limit) {
  auto reply = co_await read(scripts::page(), std::move(table), {number(offset), number(limit)});
  if (!reply) co_return std::unexpected(reply.error());
  co_return read_page(std::move(*reply));
}

ports::Task<ports::RankPage> RankIndex::around(core::StandingsId table, core::PlayerId player, std::size_t radius) {
  auto reply = co_await read(scripts::around(), std::move(table), {player.str(), number(radius)});
  if (!reply) co_return std::unexpected(reply.error());
  co_return read_page(std::move(*reply));
}

ports::Task<ports::RankLookup> RankIndex::ranks_of(core::StandingsId table, std::vector<core::PlayerId> players) {
  std::vector<std::string> names;
  names.reserve(players.size());
  for (const auto& player : players) names.push_back(player.str());
  const auto reply = co_await read(scripts::lookup(), std::move(table), std::move(names));
  if (!reply) co_return std::unexpected(reply.error());
  co_return read_lookup(*reply, std::move(players));
}

ports::Task<std::vector<core::StandingsId>> RankIndex::tables() {
  const auto reply = co_await client_.run({"SMEMBERS", tables_key(prefix_)});
  if (!reply) co_return index_error(reply.error());
  std::vector<core::StandingsId> tables;
  for (const auto& name : reply->elements) {
    if (auto table = parse_table_name(name.text)) tables.push_back(std::move(*table));
  }
  co_return tables;
}

}  // namespace liveops::adapters::redis::leaderboard
