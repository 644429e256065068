#include "leaderboard/board_book.hpp"

#include <algorithm>

#include "core/boss_values.hpp"

namespace liveops::leaderboard {

using core::Errc;
using core::fail;

std::optional<BoardBook::Source> BoardBook::parse_source(std::string_view text) {
  if (text == "score") return Source::score;
  if (text == "xp") return Source::xp;
  if (text == "duration_ms") return Source::duration_ms;
  if (text == "quantity") return Source::quantity;
  if (text == "count") return Source::count;
  return std::nullopt;
}

core::Result<std::shared_ptr<const BoardBook>> BoardBook::create(const core::GameRules& rules) {
  if (rules.boards.empty()) return fail(Errc::invalid_argument, "boards: name at least one board");
  std::vector<Source> sources;
  for (const auto& board : rules.boards) {
    const auto source = parse_source(board.source);
    if (!source) {
      return fail(Errc::invalid_argument, "board " + board.id.str() + ": source '" + board.source +
                                              "' is none of score, xp, duration_ms, quantity, count");
    }
    sources.push_back(*source);
  }
  auto calendar = core::WindowCalendar::create(rules.windows);
  if (!calendar) return std::unexpected(calendar.error());
  return std::shared_ptr<const BoardBook>(new BoardBook(rules, std::move(*calendar), std::move(sources)));
}

BoardBook::BoardBook(const core::GameRules& rules, core::WindowCalendar calendar, std::vector<Source> sources)
    : boards_(rules.boards),
      bosses_(rules.bosses),
      windows_(rules.windows),
      calendar_(std::move(calendar)),
      sources_(std::move(sources)) {
  for (std::uint32_t index = 0; index < boards_.size(); ++index) {
    for (const core::EventType type : boards_[index].events) {
      auto& list = by_type_.at(static_cast<std::size_t>(type));
      if (list.empty() || list.back() != index) list.push_back(index);
    }
  }
}

const core::BoardRules* BoardBook::find(std::string_view board) const {
  const auto found = std::ranges::find_if(boards_, [&](const auto& rules) { return rules.id.str() == board; });
  return found == boards_.end() ? nullptr : &*found;
}

const std::vector<std::uint32_t>& BoardBook::boards_for(core::EventType type) const {
  return by_type_.at(static_cast<std::size_t>(type));
}

std::optional<std::int64_t> BoardBook::score_of(std::uint32_t board, const core::Event& event) const {
  const auto* kill = std::get_if<core::BossKill>(&event.payload);
  const auto& only_boss = boards_[board].boss_id;
  if (only_boss && (kill == nullptr || kill->boss_id != *only_boss)) return std::nullopt;
  const Source source = sources_[board];
  if (source == Source::count) return 1;
  if (const auto* progression = std::get_if<core::Progression>(&event.payload)) {
    if (source == Source::score) return progression->score;
    return source == Source::xp ? std::optional(progression->xp) : std::nullopt;
  }
  if (kill != nullptr) {
    if (source == Source::duration_ms) return kill->duration_ms;
    const auto resolved = core::resolve_boss_kill(bosses_, *kill);
    if (source == Source::score) return kill->score || resolved.known ? std::optional(resolved.score) : std::nullopt;
    if (source == Source::xp) return kill->xp || resolved.known ? std::optional(resolved.xp) : std::nullopt;
    return std::nullopt;
  }
  const auto& drop = std::get<core::DropClaimed>(event.payload);
  return source == Source::quantity ? std::optional(drop.quantity) : std::nullopt;
}

ports::StandingsSpec BoardBook::spec(const core::BoardRules& board, const core::Period& period) const {
  return {{board.id, period.window, period.id},
          {board.op, board.order, board.max_score},
          period.opens_at,
          period.closes_at};
}

ports::StandingsSpec BoardBook::in_force(ports::StandingsSpec stored) const {
  if (const auto* board = find(stored.id.board.str())) {
    stored.operation = {board->op, board->order, board->max_score};
  }
  if (const auto period = calendar_.period_by_id(stored.id.window, stored.id.period)) {
    stored.opens_at = period->opens_at;
    stored.closes_at = period->closes_at;
  }
  return stored;
}

}  // namespace liveops::leaderboard
