#pragma once

#include <array>
#include <cstdint>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "fairness/async/finding.hpp"
#include "fairness/async/reading.hpp"
#include "fairness/player_key.hpp"

/// What is remembered of a watched player: plain data, one part for each check.
namespace liveops::fairness::async {

inline constexpr std::size_t kUnits = 12;
inline constexpr float kMeanSteps = 1024;  // a unit's mean is kept in steps of 1/1024

/// One stream of numbers, by units of play: a session, or two hours of a longer one.
struct StreamState {
  float base = 0;       // mean of the units that are no longer kept one by one
  float base_n = 0;     // how many values that rests on, at most
  float variance = 0;   // of one value, within units
  float reference = 0;  // mean of all units, kept ones included
  float unit_sum = 0;
  float unit_n = 0;
  float quarter_sum = 0;
  float quarter_n = 0;
  std::array<std::int16_t, kUnits> means{};
  std::array<std::uint16_t, kUnits> sizes{};
  std::uint8_t next = 0;
  std::uint8_t kept = 0;
  std::uint16_t units = 0;  // ever; stays at its maximum
};

/// Intervals, and awards, fall into 24 bins of half an octave each; the player's own mean lies in the middle.
inline constexpr std::size_t kShapeBins = 24;

/// A histogram of logarithms, about their mean.
struct ShapeState {
  float mean = 0;
  std::uint16_t learned = 0;
  std::uint16_t total = 0;
  std::uint8_t judged = 0;  // how many sizes of it were judged
  std::array<std::uint16_t, kShapeBins> bins{};
};
/// What the current quarter of an hour adds to one.
struct QuarterShape {
  float sum = 0;
  std::uint16_t count = 0;
  std::array<std::uint16_t, kShapeBins> bins{};
};

struct TimingState {
  std::int64_t last_us = 0;
  float previous = 0;  // interval, in seconds
  ShapeState shape;    // of intervals of play
};

/// Intervals of one type of events: how steady they are.
inline constexpr std::size_t kTypes = core::kEventTypes;
struct TypeClock {
  std::int64_t last_us = 0;
  float mean = 0;  // of ln(interval)
  float variance = 0;
  std::uint32_t learned = 0;
};

inline constexpr std::size_t kGram = 4;      // events of a recognised piece, by amounts and intervals
inline constexpr std::size_t kLongGram = 6;  // the same by amounts alone

/// How often one of the latest 32 tokens equals another of them: play that says the same again and again is not rare.
struct Repeats {
  static constexpr std::size_t kWindow = 32;
  std::array<std::uint16_t, kWindow> tokens{};
  std::uint16_t pairs = 0;
  std::uint16_t next = 0;
};

struct ReplayState {
  std::array<std::uint32_t, kLongGram> contents{};     // the latest events
  std::array<std::uint32_t, kGram> steps{};            // content with interval
  std::array<std::uint8_t, kLongGram> content_bits{};  // how rare each is, in bits
  std::array<std::uint8_t, kGram> step_bits{};
  Repeats content_repeats;
  Repeats step_repeats;
  float evidence = 0;  // Shiryaev-Roberts
  std::uint32_t events = 0;
  std::uint32_t last_hit = 0;  // `events` at the latest
  std::uint16_t lookups = 0;
  std::uint16_t hits = 0;
  std::uint8_t in_a_row = 0;  // events since the chain began, at most kLongGram
};

inline constexpr std::size_t kSketch = 16;
struct UnitState {  // of play, open or just closed
  std::int64_t start_us = 0;
  std::uint32_t events = 0;
  std::array<std::uint16_t, kSketch> moments{};  // least hashes of the seconds in which there were events
};

struct FarmState {
  float evidence = 0;
  std::uint16_t judged = 0;
  std::uint32_t partner = 0;  // tag
};

struct ActivityState {
  std::int64_t unbroken_since_us = 0;
  std::uint32_t day = 0;  // since the epoch
  std::uint16_t quarters_today = 0;
  std::uint16_t days = 0;                // with play
  std::array<std::uint8_t, 24> hours{};  // quarters with play in each hour of the day, halved every week
  std::uint8_t week = 0;
};

/// What one check last said.
struct Said {
  float log10_once_in = 0;
  float log_e = 0;
  float observed = 0;
  float expected = 0;
  float peer_quantile = 0;
  std::uint32_t samples = 0;
  std::uint32_t partner = 0;
  std::uint32_t reported_hour = 0;  // when it was last reported; 0: never
  std::uint8_t judged = 0;
  std::uint8_t reported = 0;  // Proposal
};

struct Player {
  PlayerKey key;
  core::PlayerId id;
  core::EventId last_event;
  std::int64_t first_seen_us = 0;
  std::int64_t last_seen_us = 0;  // received
  std::uint32_t events = 0;
  std::uint32_t sessions = 0;
  float recent_events = 0;  // halved every day
  float pace = 0;           // mean ln(interval), pauses left out
  std::uint16_t paced = 0;  // intervals it rests on
  float quarter_score = 0;  // of the current quarter of an hour
  float quarter_active_s = 0;
  std::uint32_t flag_hour = 0;  // of the last flag on another day than the one before; 0: never
  std::uint16_t quarter_events = 0;
  bool used = false;
  std::uint8_t open = 0;        // a session is under way
  std::uint8_t in_quarter = 0;  // has played in the current quarter of an hour
  std::uint8_t suspect = 0;     // flagged: no measure for others
  std::uint8_t quarantine = 0;  // was proposed
  std::array<StreamState, kStreams> streams{};
  TimingState timing;
  ShapeState award_shape;
  QuarterShape quarter_awards;
  std::array<TypeClock, kTypes> types{};
  ReplayState replay;
  UnitState unit;
  FarmState farm;
  ActivityState activity;
  std::array<Said, kChecks> said{};

  /// The player's name in samples across players.
  [[nodiscard]] std::uint32_t tag() const { return static_cast<std::uint32_t>(key.value >> 32U) | 1U; }
};

}  // namespace liveops::fairness::async
