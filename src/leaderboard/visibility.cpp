#include "leaderboard/visibility.hpp"

#include <map>
#include <unordered_set>
#include <utility>

#include "core/verdict.hpp"

namespace liveops::leaderboard {

bool Visibility::is_hidden(const core::StandingChange& change) const {
  return change.disqualified || (change.blocked && (!change.until || *change.until > parts_.clock.now()));
}

void Visibility::hide(const core::StandingChange& change) {
  parts_.hidden.hide(change.player_id, change.disqualified ? std::nullopt : change.until);
}

ports::Task<void> Visibility::load() {
  const auto blocked = co_await parts_.store.blocked();
  if (!blocked) co_return std::unexpected(blocked.error());
  for (const auto& change : *blocked) {
    if (is_hidden(change)) hide(change);
  }
  parts_.counters.hidden.set(static_cast<double>(parts_.hidden.size()));
  co_return core::Status();
}

ports::Task<std::vector<runtime::Poison>> Visibility::handle(const std::vector<ports::Delivery>& deliveries) {
  std::vector<runtime::Poison> poison;
  std::vector<core::StandingChange> changes;
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    auto change = core::decode_standing_change(deliveries[i].envelope);
    if (change) {
      changes.push_back(std::move(*change));
    } else {
      poison.push_back({i, change.error().message});
    }
  }
  if (changes.empty()) co_return poison;
  const auto current = co_await parts_.store.apply(std::move(changes));
  if (!current) co_return std::unexpected(current.error());
  std::vector<core::PlayerId> gone;
  std::vector<core::PlayerId> back;
  for (const auto& change : *current) {
    if (is_hidden(change)) {
      hide(change);
      gone.push_back(change.player_id);
    } else {
      parts_.hidden.show(change.player_id);
      back.push_back(change.player_id);
    }
  }
  parts_.counters.hidden.set(static_cast<double>(parts_.hidden.size()));
  if (auto done = co_await parts_.index.remove(std::move(gone)); !done) co_return std::unexpected(done.error());
  if (auto done = co_await restore(std::move(back)); !done) co_return std::unexpected(done.error());
  co_return poison;
}

ports::Task<void> Visibility::follow() {
  // First who is hidden: whoever is hidden from here on may be too new for what the store answers.
  auto hidden = parts_.hidden.all();
  const auto blocked = co_await parts_.store.blocked();
  if (!blocked) co_return std::unexpected(blocked.error());
  std::unordered_set<core::PlayerId> listed;
  auto gone = std::exchange(not_taken_out_, {});
  for (const auto& change : *blocked) {
    listed.insert(change.player_id);
    if (!is_hidden(change)) continue;
    if (!parts_.hidden.contains(change.player_id)) gone.push_back(change.player_id);
    hide(change);
  }
  std::erase_if(hidden, [&listed](const auto& block) { return listed.contains(block.first); });
  auto taken_out = co_await take_out(std::move(gone));
  auto brought_back = co_await bring_back(std::move(hidden));
  parts_.counters.hidden.set(static_cast<double>(parts_.hidden.size()));
  co_return taken_out ? brought_back : taken_out;
}

ports::Task<void> Visibility::take_out(std::vector<core::PlayerId> players) {
  std::erase_if(players, [this](const core::PlayerId& player) { return !parts_.hidden.contains(player); });
  if (players.empty()) co_return core::Status();
  auto done = co_await parts_.index.remove(players);
  if (!done) not_taken_out_ = std::move(players);
  co_return done;
}

ports::Task<void> Visibility::bring_back(std::vector<HiddenPlayers::Block> blocks) {
  std::vector<core::PlayerId> players;
  for (const auto& [player, until] : blocks) {
    parts_.hidden.show(player);
    players.push_back(player);
  }
  auto done = co_await restore(std::move(players));
  if (!done) {
    for (const auto& [player, until] : blocks) parts_.hidden.hide_if_shown(player, until);
  }
  co_return done;
}

ports::Task<void> Visibility::show_expired() {
  const auto expired = parts_.hidden.expired(parts_.clock.now());
  if (expired.empty()) co_return core::Status();
  std::vector<core::PlayerId> players;
  for (const auto& [player, until] : expired) {
    if (parts_.hidden.show_if_until(player, until)) players.push_back(player);
  }
  auto restored = co_await restore(std::move(players));
  if (!restored) {
    // Still on the list, so that the next call tries again.
    for (const auto& [player, until] : expired) parts_.hidden.hide_if_shown(player, until);
  }
  parts_.counters.hidden.set(static_cast<double>(parts_.hidden.size()));
  co_return restored;
}

ports::Task<void> Visibility::restore(std::vector<core::PlayerId> players) {
  if (players.empty()) co_return core::Status();
  const auto rows = co_await parts_.standings.standings_of(std::move(players));
  if (!rows) co_return std::unexpected(rows.error());
  const auto book = parts_.boards.get();
  std::map<core::StandingsId, ports::RankEntries> tables;
  for (const auto& row : *rows) {
    const auto spec = book->in_force(row.table);
    auto& table = tables[spec.id];
    table.table = spec.id;
    table.entries.push_back(rank_entry(spec, row.standing));
  }
  std::vector<ports::RankEntries> entries;
  for (auto& [id, table] : tables) entries.push_back(std::move(table));
  co_return co_await parts_.feed.put(std::move(entries));
}

}  // namespace liveops::leaderboard
