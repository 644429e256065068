#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/event.hpp"

namespace liveops::fairness::async {

/// What a player's play is measured by: four kinds of award, how fast events follow one another, and score a minute.
inline constexpr std::size_t kAwardStreams = 4;  // progression xp, progression score, boss award, drop quantity
inline constexpr std::size_t kDropStream = 3;
inline constexpr std::size_t kTempoStream = 4;
inline constexpr std::size_t kVelocityStream = 5;
inline constexpr std::size_t kStreams = 6;

/// One award of an event.
struct Award {
  std::uint8_t stream = 0;
  std::uint32_t kind = 0;  // what gave it: the boss and difficulty, the item; levels are compared within a kind
  float log_amount = 0;    // ln(amount + 1)
};

/// An event as the checks see it: numbers only.
struct Reading {
  std::uint64_t id = 0;  // 64 bits of the event id
  std::int64_t received_us = 0;
  std::int64_t occurred_us = 0;
  std::uint8_t type = 0;      // core::EventType
  std::uint32_t content = 0;  // hash of type, kind and amounts
  std::array<Award, 2> awards{};
  std::uint8_t award_count = 0;

  [[nodiscard]] std::span<const Award> all_awards() const { return {awards.data(), award_count}; }
};

[[nodiscard]] Reading read(const core::Event& event);

/// Spreads 64 bits over 64 bits (the finalizer of MurmurHash3, Appleby). Not for keys that others choose.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 33U;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33U;
  value *= 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33U);
}
[[nodiscard]] constexpr std::uint32_t mix32(std::uint64_t value) {
  return static_cast<std::uint32_t>(mix(value) >> 32U);
}

}  // namespace liveops::fairness::async
