#include "progression/game_book.hpp"

namespace liveops::progression {

using core::Window;

core::Result<std::shared_ptr<const GameBook>> GameBook::create(const core::GameRules& rules) {
  auto calendar = core::WindowCalendar::create(rules.windows);
  if (!calendar) return std::unexpected(calendar.error());
  return std::shared_ptr<const GameBook>(new GameBook(rules, std::move(*calendar)));
}

GameBook::GameBook(const core::GameRules& rules, core::WindowCalendar calendar)
    : levels_(rules.levels), rewards_(rules.rewards, levels_), bosses_(rules.bosses), calendar_(std::move(calendar)) {}

std::optional<core::SeasonId> GameBook::season_at(core::Timestamp at) const {
  auto period = calendar_.period_at(Window::seasonal, at);
  if (!period) return std::nullopt;
  return core::SeasonId::trusted(std::move(period->id));
}

core::Result<core::SeasonId> GameBook::season_named(const std::string& id) const {
  auto period = calendar_.period_by_id(Window::seasonal, id);
  if (!period) return std::unexpected(period.error());
  return core::SeasonId::trusted(std::move(period->id));
}

}  // namespace liveops::progression
