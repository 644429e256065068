#include "leaderboard/index_feed.hpp"

#include "leaderboard/composite_score.hpp"

namespace liveops::leaderboard {

ports::RankEntry rank_entry(const ports::StandingsSpec& spec, const ports::Standing& standing) {
  return {standing.player, CompositeScore(spec).pack(standing.score, standing.achieved_at), standing.achieved_at,
          standing.version};
}

void IndexFeed::drop_hidden(ports::RankEntries& entries) const {
  std::erase_if(entries.entries, [this](const ports::RankEntry& entry) { return hidden_.contains(entry.player); });
}

ports::Task<void> IndexFeed::remove_if_hidden(std::vector<core::PlayerId> players) {
  std::erase_if(players, [this](const core::PlayerId& player) { return !hidden_.contains(player); });
  if (players.empty()) co_return core::Status();
  co_return co_await index_.remove(std::move(players));
}

ports::Task<void> IndexFeed::put(std::vector<ports::RankEntries> tables) {
  std::vector<core::PlayerId> players;
  for (auto& table : tables) {
    drop_hidden(table);
    for (const auto& entry : table.entries) players.push_back(entry.player);
  }
  if (auto done = co_await index_.put(std::move(tables)); !done) co_return done;
  co_return co_await remove_if_hidden(std::move(players));
}

ports::Task<void> IndexFeed::put_rebuild(ports::RankEntries entries) {
  drop_hidden(entries);
  std::vector<core::PlayerId> players;
  for (const auto& entry : entries.entries) players.push_back(entry.player);
  if (auto done = co_await index_.put_rebuild(std::move(entries)); !done) co_return done;
  co_return co_await remove_if_hidden(std::move(players));
}

}  // namespace liveops::leaderboard
