#include "fairness/samples.hpp"

#include <algorithm>

#include "fairness/velocity_check.hpp"

namespace liveops::fairness {
namespace {

constexpr std::uint32_t kOneIn = 8;  // events of a player
constexpr float kSuspect = 1e4F;     // evidence with which a player no longer stands for the others
constexpr std::int64_t kPauseUs = 1'200'000'000;
constexpr std::uint32_t kSeasoned = 30;

bool suspect(const PlayerState& player) {
  return player.flagged != 0 ||
         std::ranges::any_of(player.evidence, [](StoredEvidence account) { return account.value() > kSuspect; });
}

}  // namespace

bool SampleRing::wants(const PlayerState& player, bool storm) const {
  const auto phase = static_cast<std::uint32_t>(player.key.value >> 20U);
  return (player.events + phase) % kOneIn == 0 && this_turn_ < kMostATurn && (storm || !suspect(player));
}

void SampleRing::add(const Scene& scene, const PlayerState& player, bool judged) {
  Sample& sample = samples_[next_];
  next_ = (next_ + 1) % kCapacity;
  size_ = std::min(size_ + 1, kCapacity);
  ++this_turn_;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sample.x[lane] = scene.lanes[lane].x;
    sample.own[lane] = player.own_level[lane];
    const AwardStats& stats = scene.awards(lane);
    const float residual = scene.lanes[lane].x - stats.level[scene.band] - player.own_level[lane];
    sample.score[lane] = stats.ready != 0 ? stats.residual.score(residual) : 0;
  }
  const bool pause = scene.since_last_us <= 0 || scene.since_last_us >= kPauseUs;
  sample.log_interval = scene.log_interval;
  sample.own_pace = player.own_pace;
  const TempoStats& tempo = scene.tempo();
  sample.tempo_score = tempo.ready != 0 ? tempo.residual.score(tempo.level - scene.log_interval - player.own_pace) : 0;
  sample.any_interval_s = pause ? 0 : static_cast<float>(scene.since_last_us) * 1e-6F;
  sample.velocity = VelocityCheck::level_of(scene, player);
  sample.deviation = scene.deviation;
  sample.change = scene.change;
  sample.player = static_cast<std::uint16_t>(player.key.value);
  sample.kind = scene.event.kind;
  sample.band = static_cast<std::uint8_t>(scene.band);
  sample.type = static_cast<std::uint8_t>(scene.event.type);
  sample.timed = scene.log_interval != 0 && !scene.excused;
  sample.seasoned = player.events >= kSeasoned;
  sample.judged = judged;
  sample.at_play = scene.at_play;
  sample.productive = scene.productive;
  sample.at_s = static_cast<std::uint32_t>(scene.now_us / 1'000'000);
}

void SampleRing::forget_awards() {
  for (Sample& sample : samples_) sample.x.fill(0);
}

void SampleRing::turn() {
  this_turn_ = 0;
}

}  // namespace liveops::fairness
