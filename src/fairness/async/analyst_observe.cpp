#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "fairness/async/analyst_parts.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kQuarterUs = 900 * kSecondUs;
constexpr std::int64_t kUnitUs = 7200 * kSecondUs;  // a longer session is judged in pieces of this length
constexpr std::int64_t kMostQuarters = 4;           // settled one by one after a silence
constexpr std::int64_t kQuartersAnHour = 4;
constexpr std::int64_t kQuartersADay = 96;
constexpr double kShortestSeconds = 0.03;  // events that are nearer come from one transport batch
constexpr double kPaceSeconds = 300;       // intervals up to this show the pace of the game
constexpr std::uint16_t kPaceMemory = 500;
constexpr std::uint16_t kEnoughPaced = 64;
constexpr double kWaiting = 4;      // times everybody's pace: waiting, not play
constexpr float kHighestAward = 2;  // e^2 times its kind's level: more of it adds no score
constexpr float kLeastActiveSeconds = 60;
constexpr std::uint16_t kLeastQuarterEvents = 5;

}  // namespace

std::uint32_t Analyst::Parts::hour() const {
  return static_cast<std::uint32_t>(now_us / (3600 * kSecondUs));
}

void Analyst::Parts::observe(const core::Event& event) {
  const Reading reading = read(event);
  if (!duplicates.is_new(reading.id)) {
    ++repeated;
    return;
  }
  advance(reading.received_us);
  const PlayerKey key = key_of(event.player_id.str());
  std::uint32_t slot = pool.find(key);
  if (slot == PlayerPool::kNone) slot = pool.admit(key, event.player_id, now_us);
  if (slot == PlayerPool::kNone) {
    ++turned_away;
    return;
  }
  ++events;
  learn(slot, event, reading);
}

void Analyst::Parts::learn(std::uint32_t slot, const core::Event& event, const Reading& reading) {
  Player& player = pool.at(slot);
  const std::int64_t gap = std::chrono::microseconds(rules.session_gap).count();
  const bool listed = player.open != 0;
  if (player.events == 0 || now_us - player.last_seen_us >= gap) {
    if (listed) close_session(slot, player);
    ActivityCheck::broke_off(player, now_us);
  }
  if (!listed) open.push_back(slot);
  if (player.open == 0) {
    player.open = 1;
    ++player.sessions;
    FarmCheck::begin(player.unit, now_us);
  }
  if (player.in_quarter == 0) {
    player.in_quarter = 1;
    tell(player, Check::round_the_clock, activity.begin_quarter(player, now_us, rules.min_population, hour()));
    tell(player, Check::round_the_clock, ActivityCheck::unbroken(player, now_us, rules));
  }
  player.last_event = event.id;
  player.last_seen_us = now_us;
  ++player.events;
  player.recent_events += 1;
  ServerTicks::note(player.types[reading.type], reading.occurred_us);
  if (ticks.are(reading.type)) return;
  const std::int64_t before = player.timing.last_us;
  player.timing.last_us = std::max(before, reading.occurred_us);
  const double interval = before == 0 ? -1 : static_cast<double>(reading.occurred_us - before) / kSecondUs;
  tell(player, Check::replay, replay.observe(player, reading, interval, hour()));
  measure(player, reading, interval);
}

double Analyst::Parts::longest_of(const Player& player) const {
  if (player.timing.shape.learned < kEnoughPaced || tempos.size() < rules.min_population) return longest_interval;
  constexpr double kMostTimes = 2;
  const double times = std::exp(static_cast<double>(player.timing.shape.mean - tempos.quantile(0.5)));
  return longest_interval * std::clamp(times, 1 / kMostTimes, kMostTimes);
}

bool Analyst::Parts::is_idling(Player& player, double interval) const {
  constexpr double kSlow = 1.5;     // times everybody's pace
  constexpr double kSteady = 0.02;  // of the interval: people differ by more from one to the next
  const double before = std::exchange(player.timing.previous, static_cast<float>(interval));
  return interval > kSlow / kWaiting * longest_interval && std::abs(interval - before) < kSteady * interval;
}

/// Awards and tempo of play proper: what comes after a wait, or in a bunch, tells nothing of either.
void Analyst::Parts::measure(Player& player, const Reading& reading, double interval) {
  if (interval < kShortestSeconds || interval > kPaceSeconds) return;
  const auto log_interval = static_cast<float>(std::log(interval));
  if (player.paced < kPaceMemory) ++player.paced;
  player.pace += (log_interval - player.pace) / static_cast<float>(player.paced);
  if (is_idling(player, interval) || interval > longest_of(player)) return;
  FarmCheck::observe(player.unit, reading.occurred_us);
  ShapeState& intervals = player.timing.shape;
  if (ShapeCheck::add(intervals, log_interval)) {
    tell(player, Check::timing,
         timing.judge(intervals, player.tag(), player.suspect != 0, rules.min_population, hour()));
  }
  ShiftCheck::add(player.streams[kTempoStream], log_interval);
  measure_awards(player, reading);
  player.quarter_active_s += static_cast<float>(interval);
  ++player.quarter_events;
}

void Analyst::Parts::measure_awards(Player& player, const Reading& reading) {
  float score = 0;
  float shape = 0;
  for (const Award& award : reading.all_awards()) {
    const float above = kinds.above_level(award);
    ShiftCheck::add(player.streams[award.stream], above);
    if (award.stream == kDropStream) continue;
    score = std::exp(award.log_amount - std::max(0.0F, above - kHighestAward));
    shape = above - moves.of(award.stream);
  }
  player.quarter_score += score;
  if (score > 0) ShapeCheck::add(player.award_shape, player.quarter_awards, shape);
}

void Analyst::Parts::advance(std::int64_t to_us) {
  now_us = std::max(now_us, to_us);
  const std::int64_t current = now_us / kQuarterUs;
  if (quarter == 0) quarter = current;
  // After a long silence the quarters in which nothing can happen any more are left out.
  if (current - quarter > kMostQuarters) {
    for (std::int64_t i = 0; i < kMostQuarters; ++i) end_quarter();
    quarter = current;
  }
  while (quarter < current) end_quarter();
}

void Analyst::Parts::end_quarter() {
  ++quarter;
  settle_players();
  const auto player_at = [this](std::uint32_t slot, std::uint32_t tag) -> Player* {
    if (slot >= pool.size() || !pool.at(slot).used || pool.at(slot).tag() != tag) return nullptr;
    return &pool.at(slot);
  };
  farm.settle(rules.min_population, hour(), player_at,
              [this](Player& player, const Judgement& judgement) { tell(player, Check::farm, judgement); });
  refresh();
  if (quarter % kQuartersAnHour == 0) make_review_list();
  if (quarter % kQuartersADay == 0) pool.age();
}

void Analyst::Parts::settle_players() {
  for (const std::uint32_t slot : open) {
    Player& player = pool.at(slot);
    if (player.in_quarter == 0) continue;
    if (player.quarter_active_s >= kLeastActiveSeconds && player.quarter_events >= kLeastQuarterEvents &&
        player.quarter_score > 0) {
      StreamState& velocity = player.streams[kVelocityStream];
      velocity.quarter_n = player.quarter_events;
      velocity.quarter_sum = velocity.quarter_n * std::log(60 * player.quarter_score / player.quarter_active_s);
    }
    if (player.suspect != 0) continue;
    for (std::size_t i = 0; i < kStreams; ++i) {
      float distance = 0;
      if (ShiftCheck::distance(player.streams[i], distance)) moves.add(i, player.tag(), distance);
    }
  }
  moves.settle();
  const std::int64_t gap = std::chrono::microseconds(rules.session_gap).count();
  std::size_t kept = 0;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const std::uint32_t slot = open[i];
    Player& player = pool.at(slot);
    settle_streams(player);
    const bool over = now_us - player.last_seen_us >= gap;
    if (over) {
      close_session(slot, player);
    } else {
      if (now_us - player.unit.start_us >= kUnitUs) close_unit(slot, player);
      open[kept++] = slot;
    }
  }
  open.resize(kept);
}

void Analyst::Parts::settle_streams(Player& player) {
  if (player.in_quarter == 0) return;
  for (std::size_t i = 0; i < kStreams; ++i) {
    ShiftCheck::settle_quarter(player.streams[i], moves.of(i), !moves.jumped(i));
  }
  settle_awards(player);
  player.in_quarter = 0;
  player.quarter_score = 0;
  player.quarter_active_s = 0;
  player.quarter_events = 0;
  if (player.paced >= kEnoughPaced && player.suspect == 0) paces.put(player.tag(), player.pace, hour());
  if (player.timing.shape.learned >= kEnoughPaced && player.suspect == 0)
    tempos.put(player.tag(), player.timing.shape.mean, hour());
}

/// Awards of a quarter in which all rose together are no shape of anybody's.
void Analyst::Parts::settle_awards(Player& player) {
  const QuarterShape awards = std::exchange(player.quarter_awards, {});
  for (std::size_t stream = 0; stream < kDropStream; ++stream) {
    if (moves.jumped(stream)) return;
  }
  ShapeState& shape = player.award_shape;
  if (!ShapeCheck::take(shape, awards)) return;
  tell(player, Check::award_shape,
       award_shapes.judge(shape, player.tag(), player.suspect != 0, rules.min_population, hour()));
}

void Analyst::Parts::close_unit(std::uint32_t slot, Player& player) {
  const ShiftCheck::Judgements judgements = shift.close_unit(player, rules, hour());
  tell(player, Check::session_shift, judgements.awards);
  tell(player, Check::tempo_shift, judgements.tempo);
  tell(player, Check::skill_jump, judgements.jump);
  farm.close(slot, player);
  FarmCheck::begin(player.unit, now_us);
}

void Analyst::Parts::close_session(std::uint32_t slot, Player& player) {
  settle_streams(player);
  close_unit(slot, player);
  replay.close_session(player, hour());
  ticks.learn(player, hour());
  player.open = 0;
}

void Analyst::Parts::refresh() {
  shift.refresh();
  timing.refresh();
  award_shapes.refresh();
  replay.refresh();
  farm.refresh();
  activity.refresh();
  ticks.refresh(rules.min_population);
  paces.refresh();
  tempos.refresh();
  if (paces.size() >= rules.min_population) {
    longest_interval = kWaiting * std::exp(static_cast<double>(paces.quantile(0.5)));
  }
}

}  // namespace liveops::fairness::async
