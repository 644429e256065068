#include "audit/table_list.hpp"

#include <utility>

namespace liveops::audit {

using ports::StandingsState;

namespace {

bool is_ruled(const leaderboard::BoardBook& book, const core::StandingsId& table) {
  return book.find(table.board.str()) != nullptr &&
         book.calendar().period_by_id(table.window, table.period).has_value();
}

}  // namespace

TableList::TableList(const leaderboard::BoardBook& book, std::vector<ports::StandingsInfo> tables) {
  for (auto& table : tables) {
    auto& kind = kinds_[table.spec.id];
    if (table.state != StandingsState::open) {
      kind = Kind::closed;
      ++(table.state == StandingsState::sealed ? sealed_ : being_sealed_);
    } else if (!is_ruled(book, table.spec.id)) {
      kind = Kind::unruled;
      ++unruled_;
    } else {
      kind = Kind::compared;
      compared_.push_back(book.in_force(std::move(table.spec)));
    }
  }
}

TableList::Kind TableList::kind(const core::StandingsId& table) const {
  const auto found = kinds_.find(table);
  return found == kinds_.end() ? Kind::compared : found->second;
}

}  // namespace liveops::audit
