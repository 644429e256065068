#include "simulation/event_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <utility>

#include "simulation/random.hpp"

namespace liveops::simulation {
namespace {

constexpr std::string_view kKeyId = "simulation";

void append(std::string& text, std::int64_t number) {
  std::array<char, 24> digits{};
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void append_drop(std::string& text, const std::string& run_id, const SimulatedEvent& event) {
  text += R"({"drop_id":")" + run_id + "-d";
  append(text, static_cast<std::int64_t>(event.number));
  text += R"(","item_id":"item-)";
  append(text, event.item);
  text += R"(","quantity":)";
  append(text, event.quantity);
  text += '}';
}

}  // namespace

EventText::EventText(const Parameters& parameters, std::string run_id, core::Timestamp start)
    : parameters_(&parameters), run_id_(std::move(run_id)), start_(start) {}

std::string EventText::player_id(std::uint32_t player) const {
  return run_id_ + "-" + std::to_string(player);
}

std::string EventText::idempotency_key(const SimulatedEvent& event) const {
  return run_id_ + "-" + std::to_string(event.number);
}

core::Timestamp EventText::time_of(Seconds at) const {
  return start_ + std::chrono::microseconds(std::llround(at * 1e6));
}

std::string EventText::payload(const SimulatedEvent& event) const {
  std::string text;
  if (event.type == core::EventType::drop_claimed) {
    append_drop(text, run_id_, event);
    return text;
  }
  text = "{";
  if (event.type == core::EventType::boss_kill) {
    text += R"("boss_id":")" + parameters_->bosses[event.boss].id + R"(","duration_ms":)";
    append(text, event.duration_ms);
    text += ',';
  }
  text += R"("xp":)";
  append(text, event.xp);
  text += R"(,"score":)";
  append(text, event.score);
  text += '}';
  return text;
}

void EventText::append_fields(std::string& text, const SimulatedEvent& event, core::Timestamp occurred_at) const {
  text += R"("type":")";
  text += core::to_string(event.type);
  text += R"(","player_id":")" + run_id_ + "-";
  append(text, event.player);
  text += R"(","occurred_at":")";
  std::array<char, core::kMaxRfc3339Chars> time{};
  text.append(time.data(), core::format_rfc3339(occurred_at, time));
  text += R"(","seq":)";
  append(text, event.seq);
  text += R"(,"payload":)";
  text += payload(event);
  text += '}';
}

void EventText::append_json(std::string& text, const SimulatedEvent& event, core::Timestamp occurred_at) const {
  text += '{';
  append_fields(text, event, occurred_at);
}

void EventText::append_line(std::string& text, const SimulatedEvent& event) const {
  text += R"({"idempotency_key":")" + run_id_ + "-";
  append(text, static_cast<std::int64_t>(event.number));
  text += "\",";
  append_fields(text, event, time_of(event.at));
  text += '\n';
}

core::EventId EventText::id_of(const SimulatedEvent& event) const {
  Random random(std::hash<std::string>{}(run_id_), event.number);
  core::EventId::Bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
    const std::uint64_t bits = random.bits();
    std::memcpy(bytes.data() + i, &bits, sizeof(bits));
  }
  return core::EventId(bytes);
}

core::Event EventText::to_event(const SimulatedEvent& event) const {
  core::Event made;
  made.key_id = core::KeyId::trusted(std::string(kKeyId));
  made.id = id_of(event);
  made.player_id = core::PlayerId::trusted(player_id(event.player));
  made.occurred_at = made.received_at = time_of(event.at);
  made.occurred_at_given = true;
  made.seq = event.seq;
  switch (event.type) {
    case core::EventType::progression:
      made.payload = core::Progression{.xp = event.xp, .score = event.score};
      break;
    case core::EventType::boss_kill:
      made.payload = core::BossKill{.boss_id = core::BossId::trusted(parameters_->bosses[event.boss].id),
                                    .duration_ms = event.duration_ms,
                                    .score = event.score,
                                    .xp = event.xp};
      break;
    case core::EventType::drop_claimed:
      made.payload = core::DropClaimed{.drop_id = core::DropId::trusted(run_id_ + "-d" + std::to_string(event.number)),
                                       .item_id = core::ItemId::trusted("item-" + std::to_string(event.item)),
                                       .quantity = event.quantity};
      break;
  }
  return made;
}

}  // namespace liveops::simulation
