#include "leaderboard/contributions.hpp"

#include <array>

namespace liveops::leaderboard {

using core::LateRule;
using core::Window;

std::optional<Contributions::Place> Contributions::place(Window window, const core::Event& event, bool& late) const {
  const auto& calendar = book_.calendar();
  auto period = calendar.period_at(window, event.occurred_at);
  if (!period) return std::nullopt;
  const bool by_receipt = book_.windows().late == LateRule::current;
  if (event.received_at > period->closes_at + book_.windows().grace) {
    late = true;
    auto current = by_receipt ? calendar.period_at(window, event.received_at) : std::nullopt;
    if (!current) return std::nullopt;
    return Place{std::move(*current), event.received_at, std::nullopt, true};
  }
  Place found{std::move(*period), event.occurred_at, std::nullopt, false};
  if (by_receipt && event.received_at >= found.period.closes_at) {
    found.fallback = calendar.period_at(window, event.received_at);
  }
  return found;
}

std::uint32_t Contributions::table(std::uint32_t board, const core::Period& period) {
  const auto next = static_cast<std::uint32_t>(batch_.tables.size());
  const auto [entry, fresh] = tables_.try_emplace({board, period.window, period.opens_at}, next);
  if (fresh) batch_.tables.push_back(book_.spec(book_.boards()[board], period));
  return entry->second;
}

void Contributions::add(const core::Event& event) {
  const auto number = static_cast<std::uint32_t>(batch_.events.size());
  const std::size_t before = batch_.contributions.size();
  std::array<std::optional<Place>, core::kWindows> places;
  std::array<bool, core::kWindows> late{};
  bool placed = false;
  for (const std::uint32_t board : book_.boards_for(core::type_of(event))) {
    auto score = book_.score_of(board, event);
    if (!score) continue;
    if (*score > book_.boards()[board].max_score) {
      score = book_.boards()[board].max_score;
      ++counts_.clamped;
    }
    for (std::size_t window = 0; window < places.size(); ++window) {
      if (!placed) places[window] = place(static_cast<Window>(window), event, late[window]);
      const auto& where = places[window];
      if (!where) {
        counts_.late += late[window] ? 1 : 0;
        continue;
      }
      counts_.moved += where->moved ? 1 : 0;
      ports::Contribution made{number, table(board, where->period), *score, where->at, std::nullopt};
      if (where->fallback) made.fallback = {table(board, *where->fallback), event.received_at};
      batch_.contributions.push_back(made);
    }
    placed = true;
  }
  if (batch_.contributions.size() == before) {
    ++counts_.ignored;
  } else {
    batch_.events.push_back({event.id, event.player_id});
  }
}

ports::StandingBatch Contributions::take(core::Timestamp now) {
  batch_.now = now;
  tables_.clear();
  return std::exchange(batch_, {});
}

}  // namespace liveops::leaderboard
