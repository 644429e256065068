#include "fairness/async/reading.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <variant>

namespace liveops::fairness::async {
namespace {

std::uint32_t text_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix32(hash);
}

/// Awards grow with the level: half octaves of it are compared among themselves.
std::uint32_t band_of(std::int32_t level) {
  return level <= 0 ? 0 : 1 + static_cast<std::uint32_t>(2 * std::log2(static_cast<double>(level)));
}

/// Fills in what depends on the payload.
class PayloadReader {
 public:
  PayloadReader(Reading& target, std::int32_t level) : target_(target), band_(band_of(level)) {}

  void operator()(const core::Progression& event) {
    add(0, 0, event.xp);
    add(1, 1, event.score.value_or(0));
  }
  void operator()(const core::BossKill& event) {
    std::uint32_t kind = text_hash(event.boss_id.str());
    if (event.difficulty) kind ^= 31 * text_hash(*event.difficulty);
    const std::int64_t score = event.score.value_or(0);
    add(2, kind, score > 0 ? score : event.xp.value_or(0));
    note(kind);
  }
  void operator()(const core::DropClaimed& event) {
    const std::uint32_t kind = text_hash(event.item_id.str());
    add(3, kind, event.quantity);
    note(kind);
  }

 private:
  void add(std::uint8_t stream, std::uint32_t kind, std::int64_t amount) {
    note(static_cast<std::uint64_t>(amount) + 1);
    if (amount <= 0) return;
    target_.awards[target_.award_count++] = {.stream = stream,
                                             .kind = mix32(std::uint64_t{kind} << 32U | (band_ * 8 + stream)),
                                             .log_amount = static_cast<float>(std::log1p(static_cast<double>(amount)))};
  }
  void note(std::uint64_t value) {
    target_.content = mix32(target_.content * std::uint64_t{0x9e3779b97f4a7c15} + value);
  }

  Reading& target_;
  std::uint32_t band_;
};

std::int64_t microseconds(core::Timestamp time) {
  return time.time_since_epoch().count();
}

}  // namespace

Reading read(const core::Event& event) {
  Reading reading;
  for (std::size_t i = 8; i < core::EventId::kBytes; ++i) reading.id = (reading.id << 8U) | event.id.bytes()[i];
  reading.received_us = microseconds(event.received_at);
  reading.occurred_us = microseconds(event.occurred_at);
  reading.type = static_cast<std::uint8_t>(event.payload.index());
  reading.content = reading.type + 1U;
  PayloadReader reader(reading, event.level);
  std::visit(reader, event.payload);
  return reading;
}

}  // namespace liveops::fairness::async
