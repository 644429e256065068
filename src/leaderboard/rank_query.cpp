#include "leaderboard/rank_query.hpp"

#include <algorithm>

#include "leaderboard/composite_score.hpp"

namespace liveops::leaderboard {

using core::Errc;
using core::fail;
using core::Window;

namespace {

constexpr std::size_t kPeriodsListed = 20;
constexpr const char* kWindowNames = "daily, weekly, seasonal";

std::string board_names(const BoardBook& book) {
  std::string names;
  for (const auto& board : book.boards()) names += (names.empty() ? "" : ", ") + board.id.str();
  return names;
}

core::Result<const core::BoardRules*> choose_board(const BoardBook& book, const std::optional<std::string>& name) {
  if (!name) return &book.boards().front();
  if (const auto* board = book.find(*name)) return board;
  return fail(Errc::not_found, "there is no board '" + *name + "'; boards: " + board_names(book));
}

ports::SnapshotRow row_of(const CompositeScore& composite, ports::Ranked ranked) {
  return {ranked.rank, std::move(ranked.player), composite.score_of(ranked.rank_key), ranked.achieved_at};
}

RankView view_of(ports::StandingsSpec spec, ports::RankPage page) {
  const CompositeScore composite(spec);
  RankView view{std::move(spec), page.total, {}};
  view.rows.reserve(page.entries.size());
  for (auto& entry : page.entries) view.rows.push_back(row_of(composite, std::move(entry)));
  return view;
}

/// The revisions of a table; the newest comes first.
ports::SnapshotFilter sealed_filter(const core::StandingsId& table) {
  return {.board = table.board, .window = table.window, .period = table.period, .sealed = true};
}

double percentile(std::uint64_t rank, std::uint64_t total) {
  // Two digits, rounded down, so that only the first is 100.
  const std::uint64_t hundredths = (total - rank + 1) * 10000 / total;
  return static_cast<double>(hundredths) / 100;
}

}  // namespace

core::Result<core::Period> RankQuery::choose_period(const BoardBook& book, Window window,
                                                    const std::optional<std::string>& id) const {
  const auto now = clock_.now();
  if (!id) {
    if (auto period = book.calendar().period_at(window, now)) return *period;
    return fail(Errc::not_found, "no season runs now: name an earlier one with `period`");
  }
  auto period = book.calendar().period_by_id(window, *id);
  if (period && period->opens_at > now) {
    return fail(Errc::not_found, "the period '" + *id + "' opens at " + core::format_rfc3339(period->opens_at));
  }
  return period;
}

core::Result<ChosenTable> RankQuery::choose(const TableChoice& choice) const {
  const auto book = boards_.get();
  const auto board = choose_board(*book, choice.board);
  if (!board) return std::unexpected(board.error());
  const auto window = choice.window ? core::parse_window(*choice.window) : Window::daily;
  if (!window) {
    return fail(Errc::not_found, "there is no window '" + *choice.window + "'; windows: " + kWindowNames);
  }
  const auto period = choose_period(*book, *window, choice.period);
  if (!period) return std::unexpected(period.error());
  return ChosenTable{book->spec(**board, *period), clock_.now() < period->closes_at};
}

ports::Task<RankView> RankQuery::top(ChosenTable table, std::uint64_t offset, std::size_t limit) {
  if (!table.open) {
    auto latest = co_await snapshots_.list(sealed_filter(table.spec.id), 0, 1);
    if (!latest) co_return std::unexpected(latest.error());
    if (!latest->empty()) {
      co_return co_await sealed_top(std::move(table.spec), std::move(latest->front()), offset, limit);
    }
  }
  auto page = co_await index_.top(table.spec.id, offset, limit);
  if (!page) co_return std::unexpected(page.error());
  if (!table.open && page->total == 0) co_return co_await no_such_period(table.spec.id);
  co_return view_of(std::move(table.spec), std::move(*page));
}

ports::Task<RankView> RankQuery::sealed_top(ports::StandingsSpec spec, ports::Snapshot snapshot, std::uint64_t offset,
                                            std::size_t limit) {
  auto rows = co_await snapshots_.rows(snapshot.id, offset, limit);
  if (!rows) co_return std::unexpected(rows.error());
  spec.opens_at = snapshot.opens_at;
  spec.closes_at = snapshot.closes_at;
  co_return RankView{std::move(spec), snapshot.total, std::move(*rows)};
}

ports::Task<RankView> RankQuery::no_such_period(core::StandingsId wanted) {
  auto tables = co_await standings_.tables(false);
  if (!tables) co_return std::unexpected(tables.error());
  std::erase_if(*tables, [&](const auto& table) {
    return table.spec.id.board != wanted.board || table.spec.id.window != wanted.window;
  });
  std::string known;
  std::size_t listed = 0;
  for (auto table = tables->rbegin(); table != tables->rend() && listed < kPeriodsListed; ++table, ++listed) {
    known += (known.empty() ? "" : ", ") + table->spec.id.period;
  }
  co_return fail(Errc::not_found, "nobody is ranked on board '" + wanted.board.str() + "' in the " +
                                      std::string(core::to_string(wanted.window)) + " period '" + wanted.period +
                                      "'; latest periods: " + (known.empty() ? "none yet" : known));
}

ports::Task<RankView> RankQuery::around(ports::StandingsSpec table, core::PlayerId player, std::size_t radius) {
  auto page = co_await index_.around(table.id, player, radius);
  if (!page && page.error().code == Errc::not_found) {
    co_return fail(Errc::not_found, "player '" + player.str() + "' has no rank on board '" + table.id.board.str() +
                                        "' in the " + std::string(core::to_string(table.id.window)) + " period '" +
                                        table.id.period + "'; GET /leaderboard/players/" + player.str() +
                                        " lists where there is one");
  }
  if (!page) co_return std::unexpected(page.error());
  co_return view_of(std::move(table), std::move(*page));
}

ports::Task<std::vector<PlayerRank>> RankQuery::ranks_of_player(core::PlayerId player,
                                                                std::optional<std::string> board) {
  const auto book = boards_.get();
  const auto only = choose_board(*book, board);
  if (!only) co_return std::unexpected(only.error());
  std::vector<PlayerRank> ranks;
  for (const auto& rules : book->boards()) {
    if (board && &rules != *only) continue;
    for (const auto& period : open_windows()) {
      auto spec = book->spec(rules, period);
      const std::vector<core::PlayerId> one(1, player);
      auto lookup = co_await index_.ranks_of(spec.id, one);
      if (!lookup) co_return std::unexpected(lookup.error());
      auto& found = lookup->found.front();
      if (!found) continue;
      const double share = percentile(found->rank, lookup->total);
      auto row = row_of(CompositeScore(spec), std::move(*found));
      ranks.push_back({std::move(spec), lookup->total, std::move(row), share});
    }
  }
  if (!ranks.empty()) co_return ranks;
  co_return fail(Errc::not_found, "player '" + player.str() + "' has no rank in any open period; boards: " +
                                      board_names(*book) + "; windows: " + kWindowNames);
}

ports::Task<RankList> RankQuery::ranks_of(ports::StandingsSpec table, std::vector<core::PlayerId> players) {
  auto lookup = co_await index_.ranks_of(table.id, players);
  if (!lookup) co_return std::unexpected(lookup.error());
  const CompositeScore composite(table);
  RankList list{{std::move(table), lookup->total, {}}, {}};
  for (std::size_t i = 0; i < players.size(); ++i) {
    if (lookup->found[i]) {
      list.view.rows.push_back(row_of(composite, std::move(*lookup->found[i])));
    } else {
      list.missing.push_back(std::move(players[i]));
    }
  }
  co_return list;
}

std::vector<core::Period> RankQuery::open_windows() const {
  const auto book = boards_.get();
  const auto now = clock_.now();
  std::vector<core::Period> periods;
  for (int window = 0; window < core::kWindows; ++window) {
    if (auto period = book->calendar().period_at(static_cast<Window>(window), now)) {
      periods.push_back(std::move(*period));
    }
  }
  return periods;
}

}  // namespace liveops::leaderboard
