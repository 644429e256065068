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

ShiftCheck::Shift ShiftCheck::shift_of(const StreamState& stream, std::size_t index, std::size_t span) const {
  const std::size_t units = kSpanUnits[span];
  const Part recent = part_of(stream, 0, units);
  Part before = part_of(stream, units, kUnits);
  const bool has_base = stream.base_n > 0;
  if (recent.units < units || before.units + (has_base ? kLeastUnitsBefore : 0) < kLeastUnitsBefore) return {};
  before.sum += stream.base * stream.base_n;
  before.n += stream.base_n;
  if (before.n < kLeastBefore) return {};
  const float variance = variance_of(stream, index);
  float mood = 0;  // variance between units
  if (moods_[index].size() > 0) {
    const float step = moods_[index].quantile(0.5) / kNormalMedian;
    mood = std::max(0.0F, step * step - noises_[index].quantile(0.5)) / 2;
  }
  const auto units_before = static_cast<float>(before.units + (has_base ? kUnits : 0));
  const float error =
      variance * (1 / recent.n + 1 / before.n) + mood * (1 / static_cast<float>(units) + 1 / units_before);
  const float sign = index == kTempoStream ? -1 : 1;  // shorter intervals are what is suspicious
  return {.t = sign * (recent.mean() - before.mean()) / std::sqrt(std::max(1e-6F, error)),
          .recent = recent.mean(),
          .before = before.mean(),
          .samples = static_cast<std::uint32_t>(recent.n),
          .known = true};
}

void ShiftCheck::learn_mood(const Player& player, std::size_t index, std::uint32_t hour) {
  const StreamState& stream = player.streams[index];
  const Part last = part_of(stream, 0, 1);
  const Part before = part_of(stream, 1, 1);
  if (last.units == 0 || before.units == 0) return;
  moods_[index].put(player.tag(), std::abs(last.mean() - before.mean()), hour);
  noises_[index].put(player.tag(), variance_of(stream, index) * (1 / last.n + 1 / before.n), hour);
  levels_[index].put(player.tag(), stream.reference, hour);
}

Judgement ShiftCheck::judge_stream(const Player& player, std::size_t index, std::size_t least, std::uint32_t hour,
                                   float& jump) {
  const StreamState& stream = player.streams[index];
  const std::size_t band = band_of(stream);
  Judgement worst;
  double tests = 0;
  for (std::size_t span = 0; span < kSpans; ++span) {
    const Shift shift = shift_of(stream, index, span);
    if (!shift.known) continue;
    PeerSample& peers = sample(index, span, band);
    if (peers.size() >= least) {
      ++tests;
      worst_of(worst, {.judged = true,
                       .once_in = 1 / peers.p_of(shift.t, least),
                       .observed = shift.recent,
                       .expected = shift.before,
                       .peer_quantile = peers.share_below(shift.t),
                       .samples = shift.samples});
    }
    if (!player.suspect) peers.put(player.tag(), shift.t, hour);
    if (kSpanUnits[span] == 2) jump += std::max(0.0F, shift.t) * std::max(0.0F, shift.t);
  }
  correct_for(worst, tests);
  return worst;
}

ShiftCheck::Judgements ShiftCheck::close_unit(Player& player, const core::AsyncRules& rules, std::uint32_t hour) {
  Judgements judgements;
  double award_streams = 0;
  float jump = 0;
  bool any = false;
  for (std::size_t index = 0; index < kStreams; ++index) {
    if (!push_unit(player.streams[index])) continue;
    if (!player.suspect) learn_mood(player, index, hour);
    const Judgement judgement = judge_stream(player, index, rules.min_population, hour, jump);
    any = any || judgement.judged;
    if (index == kTempoStream) {
      judgements.tempo = judgement;
    } else if (judgement.judged) {
      ++award_streams;
      worst_of(judgements.awards, judgement);
    }
  }
  correct_for(judgements.awards, award_streams);
  if (!any || jump == 0) return judgements;
  PeerSample& peers = jumps_[band_of(player.streams[kTempoStream])];
  const float size = std::sqrt(jump);
  if (peers.size() >= rules.min_population) {
    const double p = peers.p_of(size, rules.min_population);
    judgements.jump = {.judged = true,
                       .once_in = 1 / p,
                       .e_value = e_value_of(p),
                       .observed = size,
                       .expected = peers.quantile(0.5),
                       .peer_quantile = peers.share_below(size),
                       .samples = player.unit.events};
  }
  if (!player.suspect) peers.put(player.tag(), size, hour);
  return judgements;
}

template <class Self, class Visit>
void ShiftCheck::each_sample(Self& self, Visit visit) {
  for (auto& each : self.shifts_) visit(each);
  for (auto& each : self.moods_) visit(each);
  for (auto& each : self.noises_) visit(each);
  for (auto& each : self.levels_) visit(each);
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
