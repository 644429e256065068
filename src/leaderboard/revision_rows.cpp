#include "leaderboard/revision_rows.hpp"

#include <algorithm>
#include <utility>

namespace liveops::leaderboard {

RevisionRows::RevisionRows(const ports::RevisionPlan& plan) : order_(plan.spec) {
  for (const ports::RevisedPlayer& player : plan.players) {
    if (player.in_first) {
      exceptions_.emplace(player.player, player);
    } else {
      extras_.push_back({player, order_.pack(player.score, player.achieved_at)});
    }
  }
  std::ranges::sort(extras_, [](const Extra& a, const Extra& b) {
    return a.rank_key != b.rank_key ? a.rank_key > b.rank_key : a.player.player < b.player.player;
  });
}

std::vector<ports::SnapshotRow> RevisionRows::take(std::vector<ports::SnapshotRow> first) {
  for (ports::SnapshotRow& row : first) {
    while (next_extra_ < extras_.size() && is_ahead(extras_[next_extra_], row)) add_extra();
    const auto exception = exceptions_.find(row.player);
    if (exception == exceptions_.end()) {
      add(std::move(row), true, true, {});
    } else {
      const ports::RevisedPlayer& player = exception->second;
      add(std::move(row), player.before, player.now, player.reason);
    }
  }
  return std::exchange(made_, {});
}

std::vector<ports::SnapshotRow> RevisionRows::rest() {
  while (next_extra_ < extras_.size()) add_extra();
  return std::exchange(made_, {});
}

ports::RevisionNote RevisionRows::take_note() {
  std::ranges::sort(note_.players, {}, &ports::RevisionNote::Player::player);
  return std::exchange(note_, {});
}

bool RevisionRows::is_ahead(const Extra& extra, const ports::SnapshotRow& row) const {
  const std::int64_t rank_key = order_.pack(row.score, row.achieved_at);
  return extra.rank_key != rank_key ? extra.rank_key > rank_key : extra.player.player < row.player;
}

void RevisionRows::add_extra() {
  const ports::RevisedPlayer& player = extras_[next_extra_++].player;
  add({0, player.player, player.score, player.achieved_at}, player.before, player.now, player.reason);
}

void RevisionRows::add(ports::SnapshotRow row, bool before, bool now, const std::string& reason) {
  previous_rank_ += before ? 1 : 0;
  rank_ += now ? 1 : 0;
  if (before != now) {
    note_.players.push_back({.player = row.player,
                             .returned = now,
                             .rank = now ? rank_ : previous_rank_,
                             .score = row.score,
                             .reason = reason});
  }
  if (!now) return;
  row.rank = rank_;
  row.previous_rank = before ? previous_rank_ : 0;
  note_.promoted += row.previous_rank > row.rank ? 1 : 0;
  made_.push_back(std::move(row));
}

}  // namespace liveops::leaderboard
