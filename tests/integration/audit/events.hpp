#pragma once

#include <string>
#include <vector>

#include "core/event.hpp"
#include "core/rules.hpp"

namespace liveops::test {

inline constexpr const char* kNoon = "2026-11-18T12:00:00Z";
inline constexpr const char* kDay = "2026-11-18";
inline constexpr const char* kSeason = "s12";

[[nodiscard]] core::Timestamp at(const char* time);

/// The shipped rules, with late events in the period of receipt, and a board of each operator.
[[nodiscard]] core::GameRules audited_rules();

/// Event number `number`; at noon, where no time is given.
[[nodiscard]] core::Event event(int number, const std::string& player, core::EventType type, std::string payload,
                                core::Timestamp occurred_at, core::Timestamp received_at);
[[nodiscard]] core::Event event(int number, const std::string& player, core::EventType type, std::string payload);

/// Of player a: 180 xp, 4500 points, then 9000 by a kill, kills of two bosses, two drops; of b: 70 points, and a drop
/// that is refused. The event of drop d-2 is number 5.
[[nodiscard]] std::vector<core::Event> few_events();

}  // namespace liveops::test
