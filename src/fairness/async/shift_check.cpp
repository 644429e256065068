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
constexpr float kLeastBefore = 30;                         // values to compare with
constexpr std::size_t kLeastUnitsBefore = 2;
constexpr float kGrowthErrors = 1.5F;  // standard errors from which the past is taken to have risen
constexpr double kMostGrow = 0.9;
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

/// The mean and the number of values of `count` kept units, counted back from the newest after leaving out `skip`.
struct Part {
  float sum = 0;
  float n = 0;
  std::size_t units = 0;
  [[nodiscard]] float mean() const { return sum / n; }
};
Part part_of(const StreamState& stream, std::size_t skip, std::size_t count) {
  Part part;
  for (std::size_t back = skip; back < std::min<std::size_t>(stream.kept, skip + count); ++back) {
    const std::size_t at = (stream.next + 2 * kUnits - 1 - back) % kUnits;
    const auto n = static_cast<float>(stream.sizes[at]);
    part.sum += n * static_cast<float>(stream.means[at]) / kMeanSteps;
    part.n += n;
    ++part.units;
  }
  return part;
}

float variance_of(const StreamState& stream, std::size_t index) {
  return index == kVelocityStream ? kVelocityVariance : std::max(kLeastVariance, stream.variance);
}

/// The past before the last `span` units in two parts: what is longer ago, and what came after it.
struct Halves {
  Part early;
  Part late;
};
Halves halves_of(const StreamState& stream, std::size_t units) {
  const std::size_t rest = stream.kept > units ? stream.kept - units : 0;
  if (stream.base_n > 0) {
    return {.early = {.sum = stream.base * stream.base_n, .n = stream.base_n, .units = kUnits},
            .late = part_of(stream, units, rest)};
  }
  return {.early = part_of(stream, units + rest / 2, rest), .late = part_of(stream, units, rest / 2)};
}

float step_between(const Halves& halves, std::size_t index) {
  const float sign = index == kTempoStream ? -1 : 1;  // shorter intervals are what is suspicious
  return sign * (halves.late.mean() - halves.early.mean());
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
        std::min(stream.base_n + oldest.n, kBaseMemory * std::max(kLeastBefore, part_of(stream, 0, kUnits).n));
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

float ShiftCheck::allowed_growth(const StreamState& stream, std::size_t index, std::size_t span, float variance,
                                 float mood) const {
  const Halves halves = halves_of(stream, kSpanUnits[span]);
  if (halves.early.units < kLeastUnitsBefore || halves.late.units < kLeastUnitsBefore) return 0;
  const float error = variance * (1 / halves.early.n + 1 / halves.late.n) +
                      mood * (1 / static_cast<float>(halves.early.units) + 1 / static_cast<float>(halves.late.units));
  const float growth = step_between(halves, index);
  if (growth < kGrowthErrors * std::sqrt(error)) return 0;
  const PeerSample& usual = growths_[index];
  const float most = usual.size() == 0 ? 0 : std::max(0.0F, usual.quantile(kMostGrow));
  return std::min(growth, most);
}

ShiftCheck::Shift ShiftCheck::shift_of(const StreamState& stream, std::size_t index, std::size_t span) const {
  const std::size_t units = kSpanUnits[span];
  const Part recent = part_of(stream, 0, units);
  Part before = part_of(stream, units, kUnits);
  const bool has_base = stream.base_n > 0;
  if (recent.units < units || before.units + (has_base ? kLeastUnitsBefore : 0) < kLeastUnitsBefore) return {};
  const float variance = variance_of(stream, index);
  const float mood = mood_of(index);
  const float growth = allowed_growth(stream, index, span, variance, mood);
  if (growth > 0) {
    before = halves_of(stream, units).late;
  } else if (has_base) {
    before.sum += stream.base * stream.base_n;
    before.n += stream.base_n;
    before.units += kUnits;
  }
  if (before.n < kLeastBefore) return {};
  const float error = variance * (1 / recent.n + 1 / before.n) +
                      mood * (1 / static_cast<float>(units) + 1 / static_cast<float>(before.units));
  const float sign = index == kTempoStream ? -1 : 1;
  const float step = sign * (recent.mean() - before.mean()) - growth;
  return {.size = step, .error = std::max(1e-6F, error), .samples = static_cast<std::uint32_t>(recent.n), .streams = 1};
}

ShiftCheck::Shift ShiftCheck::award_shift(const Player& player, std::size_t span) const {
  Shift all;
  for (std::size_t index = 0; index < kAwardStreams; ++index) {
    const Shift shift = shift_of(player.streams[index], index, span);
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
  const Halves halves = halves_of(stream, 1);
  if (halves.early.units < kLeastUnitsBefore || halves.late.units < kLeastUnitsBefore) return;
  growths_[index].put(player.tag(), step_between(halves, index), hour);
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
    const Shift shift = measure == kAwards ? award_shift(player, span) : shift_of(player.streams[stream], stream, span);
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
    if (kSpanUnits[span] == 2) jump += up * up;
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
  for (auto& each : self.growths_) visit(each);
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
