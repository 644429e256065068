#include "audit/differences.hpp"

#include <ostream>

#include "core/time.hpp"

namespace liveops::audit {

std::string to_string(const Difference& difference) {
  std::string text = difference.what + ": ";
  if (!difference.player.empty()) text += "player " + difference.player;
  if (!difference.player.empty() && !difference.where.empty()) text += ", ";
  text += difference.where;
  if (!text.ends_with(": ")) text += ": ";
  return text + "expected " + difference.expected + ", found " + difference.found;
}

std::ostream& operator<<(std::ostream& out, const Difference& difference) {
  return out << to_string(difference);
}

void Differences::add(Difference difference) {
  ++count_;
  if (first_.size() < keep_) first_.push_back(std::move(difference));
}

std::string name_of(const core::StandingsId& table) {
  return table.board.str() + '/' + std::string(core::to_string(table.window)) + '/' + table.period;
}

std::string text_of(const core::Mark& mark) {
  std::string text = std::to_string(mark.score) + " at " + core::format_rfc3339(mark.achieved_at);
  if (mark.event != core::EventId()) text += " by event " + mark.event.str();
  return text;
}

}  // namespace liveops::audit
