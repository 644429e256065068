#include "fairness/async/shift_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fairness/async/evidence.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::array<std::size_t, 4> kSpanUnits{1, 2, 4, 8};
constexpr std::array<std::uint16_t, 2> kBandsUpTo{6, 14};  // units ever
constexpr float kLeastUnit = 12;                           // values; a shorter session joins the next
constexpr float kLeastBase = 30;                           // values
constexpr double kMostRise = 0.95;                         // of players rise no more steeply: they learn
constexpr float kFirstVariance = 0.5F;
constexpr float kLeastVariance = 1e-3F;
constexpr float kWinsorize = 3;         // standard deviations
constexpr float kVarianceMemory = 300;  // values
constexpr float kBaseMemory = 8;        // the past weighs at most this many times the kept units
constexpr float kVelocityVariance = 2;  // of ln(score a minute) times events: relative variance of a sum of awards
constexpr float kNormalMedian = 0.6745F;
constexpr float kMostMean = 31;

std::size_t band_of(const StreamState& stream) {
  std::size_t band = 0;
  while (band < kBandsUpTo.size() && stream.units >= kBandsUpTo[band]) ++band;
  return band;
}

float variance_of(const StreamState& stream, std::size_t index) {
  return index == kVelocityStream ? kVelocityVariance : std::max(kLeastVariance, stream.variance);
}

/// The worst of several tests, made up for their number.
void worst_of(Judgement& worst, const Judgement& next) {
  if (!next.judged) return;
  if (!worst.judged || next.once_in > worst.once_in) {
    const bool judged = worst.judged;
    worst = next;
    worst.judged = judged || next.judged;
  }
}

void correct_for(Judgement& judgement, double tests) {
  if (!judgement.judged) return;
  judgement.once_in = std::max(1.0, judgement.once_in / tests);
  judgement.e_value = e_value_of_once_in(judgement.once_in);
}

}  // namespace

void ShiftCheck::add(StreamState& stream, float value) {
  if (stream.units > 0) {
    const float reach = kWinsorize * std::sqrt(std::max(kLeastVariance, stream.variance));
    const float off = std::clamp(value - stream.reference, -reach, reach);
    value = stream.reference + off;
    stream.variance += (off * off - stream.variance) / kVarianceMemory;
  }
  stream.quarter_sum += value;
  stream.quarter_n += 1;
}

void ShiftCheck::settle_quarter(StreamState& stream, float common, bool of_use) {
  if (stream.quarter_n > 0 && of_use) {
    stream.unit_sum += stream.quarter_sum - stream.quarter_n * common;
    stream.unit_n += stream.quarter_n;
  }
  stream.quarter_sum = 0;
  stream.quarter_n = 0;
}

bool ShiftCheck::distance(const StreamState& stream, float& distance) {
  if (stream.quarter_n < 5 || stream.units < 2) return false;
  distance = stream.quarter_sum / stream.quarter_n - stream.reference;
  return true;
}

bool ShiftCheck::push_unit(StreamState& stream) {
  if (stream.unit_n < kLeastUnit) return false;
  if (stream.units == 0) stream.variance = kFirstVariance;
  const float mean = std::clamp(stream.unit_sum / stream.unit_n, -kMostMean, kMostMean);
  if (stream.kept == kUnits) {
    const Part oldest = part_of(stream, kUnits - 1, 1);
    stream.base = (stream.base * stream.base_n + oldest.sum) / (stream.base_n + oldest.n);
    stream.base_n =
        std::min(stream.base_n + oldest.n, kBaseMemory * std::max(kLeastBase, part_of(stream, 0, kUnits).n));
  }
  constexpr float kMostSize = std::numeric_limits<std::uint16_t>::max();
  stream.means[stream.next] = static_cast<std::int16_t>(std::lround(mean * kMeanSteps));
  stream.sizes[stream.next] = static_cast<std::uint16_t>(std::min(stream.unit_n, kMostSize));
  stream.next = static_cast<std::uint8_t>((stream.next + 1U) % kUnits);
  stream.kept = static_cast<std::uint8_t>(std::min<std::size_t>(stream.kept + 1U, kUnits));
  if (stream.units < std::numeric_limits<std::uint16_t>::max()) ++stream.units;
  stream.unit_sum = 0;
  stream.unit_n = 0;
  const Part kept = part_of(stream, 0, kUnits);
  stream.reference = (kept.sum + stream.base * stream.base_n) / (kept.n + stream.base_n);
  return true;
}

float ShiftCheck::mood_of(std::size_t index) const {
  if (moods_[index].size() == 0) return 0;
  const float step = moods_[index].quantile(0.5) / kNormalMedian;
  return std::max(0.0F, step * step - noises_[index].quantile(0.5)) / 2;
}

StepScales ShiftCheck::scales_of(const StreamState& stream, std::size_t index) const {
  const PeerSample& slopes = slopes_[index * kBands + band_of(stream)];
  return {.variance = variance_of(stream, index),
          .mood = mood_of(index),
          .most_slope = slopes.size() == 0 ? 0 : std::max(0.0F, slopes.quantile(kMostRise)),
          .sign = index == kTempoStream ? -1.0F : 1.0F};  // shorter intervals are what is suspicious
}

Step ShiftCheck::award_step(const Player& player, std::size_t units) const {
  Step all;
  for (std::size_t index = 0; index < kAwardStreams; ++index) {
    const StreamState& stream = player.streams[index];
    const Step shift = step_of(stream, units, scales_of(stream, index));
    if (shift.streams == 0) continue;
    all.size += shift.size / shift.error;
    all.error += 1 / shift.error;
    all.samples += shift.samples;
    ++all.streams;
  }
  if (all.streams == 0) return all;
  all.error = 1 / all.error;
  all.size *= all.error;
  return all;
}

void ShiftCheck::learn_mood(const Player& player, std::size_t index, std::uint32_t hour) {
  const StreamState& stream = player.streams[index];
  const Part last = part_of(stream, 0, 1);
  const Part before = part_of(stream, 1, 1);
  if (last.units == 0 || before.units == 0) return;
  moods_[index].put(player.tag(), std::abs(last.mean() - before.mean()), hour);
  noises_[index].put(player.tag(), variance_of(stream, index) * (1 / last.n + 1 / before.n), hour);
  levels_[index].put(player.tag(), stream.reference, hour);
  float slope = 0;
  if (slope_of(stream, scales_of(stream, index), slope)) {
    slopes_[index * kBands + band_of(stream)].put(player.tag(), slope, hour);
  }
}

/// The variance of honest players' steps that noise and mood do not explain: they learn, tire, and change their ways.
float ShiftCheck::wander(std::size_t stratum) const {
  const PeerSample& sizes = sizes_[stratum];
  if (sizes.size() == 0) return 0;
  const float middle = sizes.quantile(0.5);
  const float spread = std::max(sizes.quantile(0.75) - middle, middle - sizes.quantile(0.25)) / kNormalMedian;
  return std::max(0.0F, spread * spread - errors_[stratum].quantile(0.5));
}

Judgement ShiftCheck::judge_measure(const Player& player, Measure measure, std::size_t least, std::uint32_t hour,
                                    float& jump) {
  const std::size_t stream = measure == kVelocity ? kVelocityStream : kTempoStream;
  const std::size_t band = band_of(player.streams[kTempoStream]);
  Judgement worst;
  double tests = 0;
  for (std::size_t span = 0; span < kSpans; ++span) {
    const std::size_t units = kSpanUnits[span];
    const Step shift = measure == kAwards
                           ? award_step(player, units)
                           : step_of(player.streams[stream], units, scales_of(player.streams[stream], stream));
    if (shift.streams == 0) continue;
    const std::size_t stratum = (measure * kSpans + span) * kBands + band;
    const float t = shift.size / std::sqrt(shift.error + wander(stratum));
    PeerSample& peers = shifts_[stratum];
    if (peers.size() >= least) {
      ++tests;
      worst_of(worst, {.judged = true,
                       .once_in = 1 / peers.p_of(t, least),
                       .observed = shift.size,
                       .peer_quantile = peers.share_below(t),
                       .samples = shift.samples});
    }
    if (player.suspect == 0) {
      peers.put(player.tag(), t, hour);
      sizes_[stratum].put(player.tag(), shift.size, hour);
      errors_[stratum].put(player.tag(), shift.error, hour);
    }
    const float up = std::max(0.0F, t);
    if (units == 2) jump += up * up;
  }
  correct_for(worst, tests);
  return worst;
}

ShiftCheck::Judgements ShiftCheck::close_unit(Player& player, const core::AsyncRules& rules, std::uint32_t hour) {
  std::array<bool, kStreams> closed{};
  for (std::size_t index = 0; index < kStreams; ++index) {
    closed[index] = push_unit(player.streams[index]);
    if (closed[index] && player.suspect == 0) learn_mood(player, index, hour);
  }
  const std::size_t least = rules.min_population;
  Judgements judgements;
  float jump = 0;
  if (closed[kTempoStream]) judgements.tempo = judge_measure(player, kTempo, least, hour, jump);
  double measures = 0;
  if (std::any_of(closed.begin(), closed.begin() + kAwardStreams, [](bool is_closed) { return is_closed; })) {
    judgements.awards = judge_measure(player, kAwards, least, hour, jump);
    measures += judgements.awards.judged ? 1 : 0;
  }
  if (closed[kVelocityStream]) {
    const Judgement velocity = judge_measure(player, kVelocity, least, hour, jump);
    measures += velocity.judged ? 1 : 0;
    worst_of(judgements.awards, velocity);
  }
  correct_for(judgements.awards, measures);
  if (jump > 0) judgements.jump = judge_jump(player, std::sqrt(jump), least, hour);
  return judgements;
}

Judgement ShiftCheck::judge_jump(const Player& player, float size, std::size_t least, std::uint32_t hour) {
  PeerSample& peers = jumps_[band_of(player.streams[kTempoStream])];
  Judgement judgement;
  if (peers.size() >= least) {
    const double p = peers.p_of(size, least);
    judgement = {.judged = true,
                 .once_in = 1 / p,
                 .e_value = e_value_of(p),
                 .observed = size,
                 .expected = peers.quantile(0.5),
                 .peer_quantile = peers.share_below(size),
                 .samples = player.unit.events};
  }
  if (player.suspect == 0) peers.put(player.tag(), size, hour);
  return judgement;
}

template <class Self, class Visit>
void ShiftCheck::each_sample(Self& self, Visit visit) {
  for (auto& each : self.shifts_) visit(each);
  for (auto& each : self.sizes_) visit(each);
  for (auto& each : self.errors_) visit(each);
  for (auto& each : self.moods_) visit(each);
  for (auto& each : self.noises_) visit(each);
  for (auto& each : self.levels_) visit(each);
  for (auto& each : self.slopes_) visit(each);
  for (auto& each : self.jumps_) visit(each);
}

void ShiftCheck::forget(std::uint32_t tag) {
  each_sample(*this, [tag](PeerSample& each) { each.remove(tag); });
}

void ShiftCheck::refresh() {
  each_sample(*this, [](PeerSample& each) { each.refresh(); });
}

std::size_t ShiftCheck::bytes() const {
  std::size_t bytes = 0;
  each_sample(*this, [&bytes](const PeerSample& each) { bytes += each.bytes(); });
  return bytes;
}

void ShiftCheck::save(Writer& out) const {
  each_sample(*this, [&out](const PeerSample& each) { each.save(out); });
}

bool ShiftCheck::restore(Reader& in) {
  bool whole = true;
  each_sample(*this, [&](PeerSample& each) { whole = whole && each.restore(in); });
  return whole;
}

}  // namespace liveops::fairness::async
