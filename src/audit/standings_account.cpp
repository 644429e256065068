#include "audit/standings_account.hpp"

#include <span>

namespace liveops::audit {

using core::Mark;

namespace {

constexpr std::size_t kEventsHeld = 512;  // before they are folded into the marks
constexpr std::size_t kMostChoices = 16;  // 2^16 combinations are tried

using MaybeMark = std::optional<Mark>;

MaybeMark joined(const core::BoardOperation& operation, const MaybeMark& a, const Mark& b) {
  return a ? core::join(operation, *a, b) : b;
}

/// Is `found` what `base` and some of `perhaps` make?
bool reachable(const core::BoardOperation& operation, const MaybeMark& base, std::span<const Mark> perhaps,
               const Mark& found) {
  if (base == found) return true;
  if (perhaps.empty()) return false;
  const auto rest = perhaps.subspan(1);
  return reachable(operation, joined(operation, base, perhaps.front()), rest, found) ||
         reachable(operation, base, rest, found);
}

}  // namespace

StandingsAccount::StandingsAccount(const leaderboard::BoardBook& book, const TableList& tables)
    : tables_(tables), contributions_(book) {}

void StandingsAccount::add(const core::Event& event) {
  contributions_.add(event);
  if (++unfolded_ >= kEventsHeld) fold();
}

void StandingsAccount::gain(const ports::StandingsSpec& table, const Mark& mark) {
  auto& expected = expected_[table.id];
  expected.operation = table.operation;
  expected.mark = joined(table.operation, expected.mark, mark);
}

void StandingsAccount::fold() {
  unfolded_ = 0;
  const auto batch = contributions_.take({});
  std::vector<TableList::Kind> kinds;
  for (const auto& table : batch.tables) kinds.push_back(tables_.kind(table.id));
  const auto mark = [&](const ports::Contribution& from, std::uint32_t table, core::Timestamp at) {
    const bool last = batch.tables[table].operation.op == core::BoardOperator::last;
    return Mark{from.score, at, last ? batch.events[from.event].id : core::EventId()};
  };
  for (const auto& from : batch.contributions) {
    if (kinds[from.table] != TableList::Kind::closed) {
      gain(batch.tables[from.table], mark(from, from.table, from.at));
      continue;
    }
    ++in_sealed_;
    if (!from.fallback || kinds[from.fallback->table] == TableList::Kind::closed) continue;
    const auto& table = batch.tables[from.fallback->table];
    auto& expected = expected_[table.id];
    expected.operation = table.operation;
    expected.perhaps.push_back(mark(from, from.fallback->table, from.fallback->at));
  }
}

bool StandingsAccount::explains(const Expected& expected, const Mark& found) {
  const auto& [operation, mark, perhaps] = expected;
  if (perhaps.size() <= kMostChoices) return reachable(operation, mark, perhaps, found);
  if (operation.op == core::BoardOperator::sum) return false;
  // Of marks of which one wins, one is enough.
  for (const Mark& one : perhaps) {
    if (joined(operation, mark, one) == found) return true;
  }
  return false;
}

void StandingsAccount::compare(const core::PlayerId& player, const std::vector<ports::HeldStanding>& held,
                               StandingsNotes& notes, Differences& differences) {
  fold();
  const auto& counts = contributions_.counts();
  notes.late += counts.late;
  notes.moved += counts.moved;
  notes.clamped += counts.clamped;
  notes.in_sealed += in_sealed_;
  for (const auto& row : held) {
    if (tables_.kind(row.table) != TableList::Kind::compared) continue;
    const auto expected = expected_.extract(row.table);
    const MaybeMark mark = expected.empty() ? std::nullopt : expected.mapped().mark;
    if (mark == row.mark) continue;
    if (!expected.empty() && explains(expected.mapped(), row.mark)) {
      ++notes.after_sealing;
      continue;
    }
    differences.add({"standing", player.str(), name_of(row.table), mark ? text_of(*mark) : kNone, text_of(row.mark)});
  }
  for (const auto& [table, expected] : expected_) {
    if (!expected.mark || tables_.kind(table) != TableList::Kind::compared) continue;
    differences.add({"standing", player.str(), name_of(table), text_of(*expected.mark), kNone});
  }
}

}  // namespace liveops::audit
