#include "fairness/scene.hpp"

#include "fairness/velocity_check.hpp"

namespace liveops::fairness {
namespace {

constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr std::int64_t kTransportUs = 30'000;  // events closer together came in one piece
constexpr std::int64_t kPauseUs = 20 * kMinuteUs;
constexpr float kOwnEvents = 20;  // below that the own level and pace are held to be less certain
constexpr float kOffsetS = 0.02F;
constexpr float kSlowest = -0.5F;
constexpr float kHalf = 0.6931F;
constexpr float kQuarter = 1.3863F;
constexpr float kShortest = -3.2F;  // ln of the shortest interval that is told from shorter ones
constexpr float kStep = 0.04F;
constexpr float kBunch = 0.5F;  // of the usual interval: closer events may have been held up together

constexpr std::int64_t kLeastWindowUs = 5 * kMinuteUs;
constexpr float kLeastIntervals = 100;  // of the usual length: fewer say little
constexpr float kLongestLevel = 10;

std::int64_t minutes_between(std::int64_t from_us, std::int64_t to_us) {
  return std::clamp<std::int64_t>(to_us / kMinuteUs - from_us / kMinuteUs, 0, Scene::kMostMinutes);
}

/// A past that is known from few events may lie that much too low.
float doubt(float spread, std::uint32_t events) {
  return spread * kOwnEvents / (static_cast<float>(events) + kOwnEvents);
}

}  // namespace

Scene::Scene(const Terms& the_terms, const Population& the_population, const PlayerState& player,
             const Observation& the_event, core::Timestamp now)
    : terms(the_terms),
      population(the_population),
      event(the_event),
      now_us(now.time_since_epoch().count()),
      since_last_us(player.last_us == 0 ? -1 : std::max<std::int64_t>(0, now_us - player.last_us)),
      minutes(player.last_us == 0 ? 0 : minutes_between(player.last_us, now_us)),
      band(terms.band_of(event.level, player.events)),
      usual_s(tempo().ready != 0 ? std::exp(tempo().level) : 0) {
  view_window();
  for (std::size_t lane = 0; lane < kLanes; ++lane) view_award(player, lane);
  view_play(player);
  view_interval(player);
}

void Scene::view_window() {
  const TempoStats& stats = population.tempo[0];
  window_us = kLeastWindowUs;
  if (stats.ready != 0) {
    const bool known = event.type == core::EventType::progression && stats.level <= kLongestLevel;
    const float usual_us = 1e6F * (known ? usual_s : std::exp(std::min(stats.level, kLongestLevel)));
    window_us = std::max(kLeastWindowUs, static_cast<std::int64_t>(kLeastIntervals * usual_us));
  }
  const std::int64_t last_us = now_us - std::max<std::int64_t>(0, since_last_us);
  opens_window = now_us / window_us != last_us / window_us;
}

void Scene::view_play(const PlayerState& player) {
  const VelocityStats& velocity = population.velocity;
  if (velocity.ready == 0) return;
  winnings = VelocityCheck::level_of(*this, player) - velocity.usual;
  at_play = winnings >= -kQuarter;
}

float Scene::own_level(const PlayerState& player, std::size_t lane) const {
  if (event.type == core::EventType::drop_claimed) return 0;
  return std::clamp(player.own_level[lane], 0.0F, std::max(0.0F, awards(lane).highest_own));
}

float Scene::own_pace(const PlayerState& player) const {
  return std::clamp(player.own_pace, 0.0F, std::max(0.0F, tempo().highest_own));
}

void Scene::view_award(const PlayerState& player, std::size_t lane) {
  const std::int64_t amount = event.amount(field_of(static_cast<Lane>(lane), event.type));
  if (amount <= 0) return;
  const AwardStats& stats = awards(lane);
  AwardView& award = lanes[lane];
  award.present = true;
  award.amount = amount;
  award.x = std::log(static_cast<float>(amount) + 1.0F);
  award.own = own_level(player, lane);
  award.residual = award.x - stats.level[band] - award.own - doubt(stats.spread, player.awards[lane]);
  award.score = stats.ready ? stats.residual.score(award.residual) : 0;
  award.judged = stats.ready && player.awards[lane] >= terms.min_own_events;
}

void Scene::view_interval(const PlayerState& player) {
  if (since_last_us < kTransportUs || since_last_us >= kPauseUs) return;
  if (player.last_type != static_cast<std::uint32_t>(event.type)) return;
  const TempoStats& stats = tempo();
  const float interval_s = static_cast<float>(since_last_us) * 1e-6F;
  timed = !stats.ready || interval_s < stats.longest_s;
  log_interval = std::log(interval_s + kOffsetS);
  const float own = own_pace(player);
  // Who is very slow on the whole plays in two ways, an idle mode and by hand: the second is not to look odd for it.
  deviation = log_interval - stats.level + std::max(player.own_pace, kSlowest);
  tempo_residual = stats.level - log_interval - own - doubt(stats.spread, player.events);
  tempo_score = stats.ready ? stats.residual.score(tempo_residual) : 0;
  excuse(player, interval_s);
  tempo_judged = timed && !excused && stats.ready && player.events >= terms.min_own_events;
  if (tempo_judged) view_rhythm(player);
}

/// Slow clocks, and those that win less than half of what play by hand usually does, are idle modes.
void Scene::view_rhythm(const PlayerState& player) {
  if (population.velocity.ready == 0 || deviation > tempo().slow) return;
  productive = winnings >= -kHalf;
  if (!productive || player.last_interval == 0) return;
  change = std::abs(log_interval - kShortest - kStep * (static_cast<float>(player.last_interval) - 1));
}

std::uint32_t Scene::kept_interval() const {
  constexpr float kMost = 254;
  return 1 + static_cast<std::uint32_t>(std::clamp((log_interval - kShortest) / kStep + 0.5F, 0.0F, kMost));
}

void Scene::excuse(const PlayerState& player, float interval_s) {
  if (tempo().ready == 0) return;
  if (interval_s > kBunch * usual_s) return;
  made_up_cs = 100 * (usual_s - interval_s);
  excused = static_cast<float>(player.slack_cs) >= made_up_cs;
}

}  // namespace liveops::fairness
