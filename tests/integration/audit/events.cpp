#include "tests/integration/audit/events.hpp"

#include "adapters/config/rules_file.hpp"

namespace liveops::test {

core::Timestamp at(const char* time) {
  return core::parse_rfc3339(time).value();
}

core::GameRules audited_rules() {
  auto rules = adapters::config::parse_rules(adapters::config::built_in_rules(), "built in").value();
  rules.windows.late = core::LateRule::current;
  rules.boards.push_back({.id = core::BoardId::trusted("latest"),
                          .op = core::BoardOperator::last,
                          .source = "score",
                          .events = {core::EventType::progression}});
  rules.boards.push_back({.id = core::BoardId::trusted("loot"),
                          .op = core::BoardOperator::sum,
                          .source = "quantity",
                          .events = {core::EventType::drop_claimed}});
  return rules;
}

core::Event event(int number, const std::string& player, core::EventType type, std::string payload,
                  core::Timestamp occurred_at, core::Timestamp received_at) {
  core::Event event;
  event.key_id = core::KeyId::trusted("k");
  event.id = core::EventId::derive(event.key_id, std::to_string(number));
  event.player_id = core::PlayerId::trusted(player);
  event.occurred_at = occurred_at;
  event.received_at = received_at;
  event.payload_json = std::move(payload);
  switch (type) {
    case core::EventType::progression:
      event.payload = core::Progression{};
      break;
    case core::EventType::boss_kill:
      event.payload = core::BossKill{};
      break;
    case core::EventType::drop_claimed:
      event.payload = core::DropClaimed{};
      break;
  }
  return event;
}

core::Event event(int number, const std::string& player, core::EventType type, std::string payload) {
  return event(number, player, type, std::move(payload), at(kNoon), at(kNoon));
}

std::vector<core::Event> few_events() {
  using enum core::EventType;
  return {event(1, "a", progression, R"({"xp":120,"score":4500})"),
          event(2, "a", boss_kill, R"({"boss_id":"slime-king"})"),
          event(3, "a", boss_kill, R"({"boss_id":"dragon","xp":0,"duration_ms":900})"),
          event(4, "a", drop_claimed, R"({"drop_id":"d-1","item_id":"gem","quantity":3})"),
          event(5, "a", drop_claimed, R"({"drop_id":"d-2","item_id":"key","quantity":1})"),
          event(6, "b", drop_claimed, R"({"drop_id":"d-1","item_id":"gem","quantity":3})"),
          event(7, "b", progression, R"({"xp":10,"score":70})")};
}

}  // namespace liveops::test
