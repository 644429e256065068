#include <algorithm>
#include <iterator>

#include "adapters/redis/leaderboard/entry_value.hpp"
#include "adapters/redis/leaderboard/rank_index.hpp"
#include "adapters/redis/leaderboard/scripts.hpp"
#include "adapters/redis/leaderboard/table_keys.hpp"

namespace liveops::adapters::redis::leaderboard {

using core::Errc;
using core::fail;

namespace {

/// Scripts sent in one go: with all their entries about a megabyte.
constexpr std::size_t kStepsAtOnce = 16;

/// The arguments of scripts::put and put_rebuild, some entries each.
std::vector<std::vector<std::string>> entry_arguments(const std::string& first, const ports::RankEntries& table) {
  std::vector<std::vector<std::string>> chunks;
  const auto& entries = table.entries;
  for (std::size_t start = 0; start < entries.size(); start += scripts::kMaxEntries) {
    const std::size_t end = std::min(entries.size(), start + scripts::kMaxEntries);
    auto& arguments = chunks.emplace_back();
    arguments.reserve(1 + 3 * (end - start));
    arguments.push_back(first);
    for (std::size_t i = start; i < end; ++i) {
      arguments.push_back(entries[i].player.str());
      arguments.push_back(std::to_string(-entries[i].rank_key));
      arguments.push_back(pack(entries[i]));
    }
  }
  return chunks;
}

}  // namespace

ports::Task<std::vector<Reply>> RankIndex::run_steps(const Script& script, std::vector<Step> steps) {
  std::vector<Reply> replies;
  replies.reserve(steps.size());
  for (std::size_t start = 0; start < steps.size(); start += kStepsAtOnce) {
    const std::size_t end = std::min(steps.size(), start + kStepsAtOnce);
    std::vector<Script::Input> inputs;
    for (std::size_t i = start; i < end; ++i) {
      inputs.push_back({table_keys(prefix_, steps[i].table), std::move(steps[i].arguments)});
    }
    auto answers = co_await script.run_all(client_, std::move(inputs));
    if (!answers) co_return index_error(answers.error());
    for (auto& answer : *answers) {
      if (!answer) co_return index_error(answer.error());
      replies.push_back(std::move(*answer));
    }
  }
  co_return replies;
}

ports::Task<void> RankIndex::write(const Script& script, std::vector<Step> steps) {
  auto epoch = co_await epoch_that_takes_entries();
  if (!epoch) co_return std::unexpected(epoch.error());
  std::vector<core::StandingsId> tables;
  for (const auto& step : steps) tables.push_back(step.table);
  const auto replies = co_await run_steps(script, std::move(steps));
  if (!replies) co_return std::unexpected(replies.error());
  std::vector<Doubt> doubts;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    auto life = read_life(replies->at(i));
    if (!life) co_return std::unexpected(life.error());
    if (life->condition == Condition::whole && known_.lives(epoch->id, tables[i], life->born)) continue;
    doubts.push_back({std::move(tables[i]), std::move(*life)});
  }
  if (doubts.empty()) co_return core::Status();
  co_return co_await settle_write(std::move(*epoch), std::move(doubts));
}

ports::Task<void> RankIndex::put(std::vector<ports::RankEntries> tables) {
  const auto epoch = epoch_.last();
  const std::string born = random_id();
  std::vector<Step> steps;
  std::vector<core::StandingsId> unknown;
  for (const auto& table : tables) {
    if (table.entries.empty()) continue;
    if (!known_.contains(epoch.id, table.table)) unknown.push_back(table.table);
    for (auto& arguments : entry_arguments(born, table)) steps.push_back({table.table, std::move(arguments)});
  }
  if (steps.empty()) co_return core::Status();
  // A table is registered before it is made, or `remove` could miss it.
  if (auto done = co_await register_tables(std::move(unknown)); !done) co_return done;
  co_return co_await write(scripts::put(), std::move(steps));
}

ports::Task<void> RankIndex::remove(std::vector<core::PlayerId> players) {
  if (players.empty()) co_return core::Status();
  const auto tables = co_await this->tables();
  if (!tables) co_return std::unexpected(tables.error());
  std::vector<Step> steps;
  for (const auto& table : *tables) {
    for (std::size_t start = 0; start < players.size(); start += scripts::kMaxEntries) {
      auto& arguments = steps.emplace_back(Step{table, {}}).arguments;
      const std::size_t end = std::min(players.size(), start + scripts::kMaxEntries);
      for (std::size_t i = start; i < end; ++i) arguments.push_back(players[i].str());
    }
  }
  co_return co_await write(scripts::remove(), std::move(steps));
}

ports::Task<void> RankIndex::drop(core::StandingsId table) {
  known_.forget(table);
  {
    const std::lock_guard lock(mutex_);
    rebuilds_.erase(table);
  }
  const auto keys = table_keys(prefix_, table);
  Command unlink{"UNLINK"};
  std::ranges::copy(keys, std::back_inserter(unlink));
  const auto unlinked = co_await client_.run(std::move(unlink));
  if (!unlinked) co_return index_error(unlinked.error());
  const auto registry = tables_key(prefix_);
  const auto forgotten = co_await client_.run({"SREM", registry, table_name(table)});
  if (!forgotten) co_return index_error(forgotten.error());
  // Somebody may have put into it between the two.
  const auto exists = co_await client_.run({"EXISTS", keys.front()});
  if (!exists) co_return index_error(exists.error());
  if (exists->integer == 0) co_return core::Status();
  std::vector<core::StandingsId> back;
  back.push_back(std::move(table));
  co_return co_await register_tables(std::move(back));
}

ports::Task<void> RankIndex::begin_rebuild(core::StandingsId table) {
  std::vector<core::StandingsId> tables;
  tables.push_back(table);
  if (auto done = co_await register_tables(std::move(tables)); !done) co_return done;
  const auto load = epoch_.load();
  const std::string rebuilder = random_id();
  {
    const std::lock_guard lock(mutex_);
    rebuilds_.insert_or_assign(table, rebuilder);
  }
  std::vector<Step> steps;
  steps.push_back({std::move(table), {random_id(), rebuilder, load && load->fresh ? "1" : "0"}});
  co_return co_await write(scripts::begin_rebuild(), std::move(steps));
}

std::optional<std::string> RankIndex::rebuilder(const core::StandingsId& table) const {
  const std::lock_guard lock(mutex_);
  const auto found = rebuilds_.find(table);
  if (found == rebuilds_.end()) return std::nullopt;
  return found->second;
}

ports::Task<void> RankIndex::put_rebuild(ports::RankEntries entries) {
  const auto own = rebuilder(entries.table);
  if (!own) co_return fail(Errc::conflict, "no rebuild was begun");
  if (auto done = co_await epoch_.renew_load(); !done) co_return done;
  std::vector<Step> steps;
  for (auto& arguments : entry_arguments(*own, entries)) steps.push_back({entries.table, std::move(arguments)});
  const auto replies = co_await run_steps(scripts::put_rebuild(), std::move(steps));
  if (!replies) co_return std::unexpected(replies.error());
  if (std::ranges::all_of(*replies, [](const Reply& reply) { return reply.integer == 1; })) co_return core::Status();
  co_return fail(Errc::conflict, "another replica began to rebuild the table, or it was dropped");
}

ports::Task<void> RankIndex::finish_rebuild(core::StandingsId table) {
  const auto own = rebuilder(table);
  if (!own) co_return fail(Errc::conflict, "no rebuild was begun");
  if (auto done = co_await epoch_.renew_load(); !done) co_return done;
  const auto reply = co_await scripts::finish_rebuild().run(client_, table_keys(prefix_, table), {*own});
  if (!reply) co_return index_error(reply.error());
  {
    const std::lock_guard lock(mutex_);
    rebuilds_.erase(table);
  }
  if (reply->integer == 1) co_return core::Status();
  co_return fail(Errc::conflict, "another replica began to rebuild the table, or it was dropped");
}

}  // namespace liveops::adapters::redis::leaderboard
