#include <algorithm>
#include <array>

#include "adapters/config/rules_sections.hpp"

namespace liveops::adapters::config {
namespace {

using core::EventType;

constexpr std::size_t kMaxBoards = 64;
constexpr std::int64_t kMaxBoardScore = std::int64_t{1} << 43;

constexpr std::pair<std::string_view, core::BoardOperator> kOperators[] = {
    {"best", core::BoardOperator::best}, {"sum", core::BoardOperator::sum}, {"last", core::BoardOperator::last}};
constexpr std::pair<std::string_view, core::BoardOrder> kOrders[] = {{"highest", core::BoardOrder::highest},
                                                                     {"lowest", core::BoardOrder::lowest}};

/// A field that a board can rank by, and the events that carry it.
struct Source {
  std::string_view name;
  bool progression, boss_kill, drop_claimed;

  [[nodiscard]] bool carried_by(EventType type) const {
    switch (type) {
      case EventType::progression:
        return progression;
      case EventType::boss_kill:
        return boss_kill;
      case EventType::drop_claimed:
        return drop_claimed;
    }
    return false;
  }
};
constexpr std::array<Source, 5> kSources{{{"score", true, true, false},
                                          {"xp", true, true, false},
                                          {"duration_ms", false, true, false},
                                          {"quantity", false, false, true},
                                          {"count", true, true, true}}};

std::vector<EventType> read_events(TomlTable& table) {
  std::vector<EventType> events;
  for (const auto& name : table.strings("events")) {
    const EventType type = read_event_type(table, "events", name);
    if (std::ranges::find(events, type) != events.end()) table.fail("events", "'" + name + "' is listed twice");
    events.push_back(type);
  }
  if (events.empty()) table.fail("events", "must list one or more of progression, boss_kill, drop_claimed");
  return events;
}

std::string read_source(TomlTable& table, const std::vector<EventType>& events) {
  std::string name = table.required_string("source");
  const auto source = std::ranges::find(kSources, std::string_view(name), &Source::name);
  if (source == kSources.end()) {
    std::vector<std::string_view> names;
    for (const auto& known : kSources) names.push_back(known.name);
    table.fail("source", unknown_name("field '" + name + "'", name, names));
    return name;
  }
  for (const EventType type : events) {
    if (!source->carried_by(type)) {
      table.fail("source", "'" + name + "' is not in the payload of " + std::string(to_string(type)) +
                               ", which this board counts");
    }
  }
  return name;
}

core::BoardRules read_board(TomlTable& table, const std::vector<core::BossRules>& bosses) {
  core::BoardRules board;
  board.id = table.required_name<core::BoardId>("id");
  board.op = table.choice("operator", board.op, kOperators);
  board.order = table.choice("order", board.order, kOrders);
  board.events = read_events(table);
  board.source = read_source(table, board.events);
  if (table.has("boss")) {
    board.boss_id = read_boss_reference(table, "boss", bosses);
    if (board.events != std::vector{EventType::boss_kill}) {
      table.fail("boss", "needs events = [\"boss_kill\"], as no other event has a boss");
    }
  }
  board.max_score = table.integer("max_score", board.max_score, 1, kMaxBoardScore);
  return board;
}

}  // namespace

core::BossId read_boss_reference(TomlTable& table, std::string_view key, const std::vector<core::BossRules>& bosses) {
  auto id = table.required_name<core::BossId>(key);
  if (std::ranges::find(bosses, id, &core::BossRules::id) == bosses.end()) {
    std::vector<std::string_view> names;
    for (const auto& boss : bosses) names.push_back(boss.id.str());
    table.fail(key, unknown_name("boss '" + id.str() + "'", id.str(), names));
  }
  return id;
}

core::EventType read_event_type(TomlTable& table, std::string_view key, std::string_view name) {
  if (const auto type = core::parse_event_type(name)) return *type;
  constexpr std::array<std::string_view, 3> kNames{"progression", "boss_kill", "drop_claimed"};
  table.fail(key, unknown_name("event type '" + std::string(name) + "'", name, kNames));
  return EventType::progression;
}

std::vector<core::BoardRules> read_boards(TomlTable& root, const std::vector<core::BossRules>& bosses) {
  std::vector<core::BoardRules> boards;
  for (auto& table : root.tables("boards", kMaxBoards)) {
    auto board = read_board(table, bosses);
    table.finish();
    refuse_repeated(table, boards, board.id);
    boards.push_back(std::move(board));
  }
  if (boards.empty()) root.fail("boards", "at least one [[boards]] is needed");
  return boards;
}

}  // namespace liveops::adapters::config
