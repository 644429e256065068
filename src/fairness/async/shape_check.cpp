#include "fairness/async/shape_check.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "fairness/async/evidence.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::array<std::uint16_t, 5> kSizesOf{256, 512, 1024, 2048, 4096};
constexpr std::uint16_t kLearnMean = 64;       // numbers before the first is counted
constexpr std::uint16_t kMeanMemory = 500;     // numbers
constexpr std::uint16_t kQuarterMemory = 100;  // the same where quarters are taken: who learns is soon another
constexpr float kBinsPerNat = static_cast<float>(2 / std::numbers::ln2);
constexpr float kUniform = 0.02F;    // share of a flat shape mixed into everybody's: nothing is impossible
constexpr double kAlike = 0.25;      // of the divergence from everybody: this near is the same shape
constexpr double kMaybeGame = 0.03;  // of players: what so many do may be the game; a person decides
constexpr double kGameShare = 0.1;   // it is the game
constexpr std::uint32_t kStaleHours = 72;
constexpr float kWhole = 65'535;

using Shape = std::array<float, kShapeBins>;

template <class Counts>
Shape shape_of(const Counts& counts, float total) {
  constexpr float kHalf = 0.5F;  // Krichevsky-Trofimov
  Shape shape;
  for (std::size_t i = 0; i < kShapeBins; ++i) {
    shape[i] = (static_cast<float>(counts[i]) + kHalf) / (total + kHalf * kShapeBins);
  }
  return shape;
}

double divergence_of(const Shape& shape, const Shape& from) {
  double sum = 0;
  for (std::size_t i = 0; i < kShapeBins; ++i) {
    const float other = from[i] * (1 - kUniform) + kUniform / kShapeBins;
    sum += static_cast<double>(shape[i]) * std::log(static_cast<double>(shape[i] / other));
  }
  return std::max(0.0, sum);
}

std::size_t bin_of(float deviation) {
  const float place = std::floor(deviation * kBinsPerNat) + kShapeBins / 2.0F;
  return static_cast<std::size_t>(std::clamp(place, 0.0F, kShapeBins - 1.0F));
}

bool is_enough(const ShapeState& state) {
  return state.total >= kSizesOf[state.judged];
}

}  // namespace

bool ShapeCheck::add(ShapeState& state, float value) {
  if (state.learned < kMeanMemory) ++state.learned;
  state.mean += (value - state.mean) / static_cast<float>(state.learned);
  if (state.learned < kLearnMean) return false;
  ++state.bins[bin_of(value - state.mean)];
  ++state.total;
  return is_enough(state);
}

void ShapeCheck::add(const ShapeState& state, QuarterShape& quarter, float value) {
  constexpr std::uint16_t kMost = 2000;
  if (quarter.count >= kMost) return;
  quarter.sum += value;
  ++quarter.count;
  if (state.learned < kLearnMean) return;
  ++quarter.bins[bin_of(value - state.mean)];
}

bool ShapeCheck::take(ShapeState& state, const QuarterShape& quarter) {
  if (quarter.count == 0) return false;
  state.learned = static_cast<std::uint16_t>(std::min<std::size_t>(kQuarterMemory, state.learned + quarter.count));
  const float weight = std::min(1.0F, static_cast<float>(quarter.count) / static_cast<float>(state.learned));
  state.mean += weight * (quarter.sum / static_cast<float>(quarter.count) - state.mean);
  for (std::size_t i = 0; i < kShapeBins; ++i) {
    state.bins[i] = static_cast<std::uint16_t>(state.bins[i] + quarter.bins[i]);
    state.total = static_cast<std::uint16_t>(state.total + quarter.bins[i]);
  }
  return is_enough(state);
}

Judgement ShapeCheck::judge(ShapeState& state, std::uint32_t tag, bool suspect, std::size_t least_players,
                            std::uint32_t hour) {
  const std::size_t size = state.judged;
  const Shape shape = shape_of(state.bins, state.total);
  Judgement judgement;
  if (everybody_[0] > 0) {
    const double divergence = divergence_of(shape, everybody_);
    const auto value = static_cast<float>(std::sqrt(divergence));  // a distance: chance adds about the same to all
    if (const PeerSample* peers = peers_of(size, least_players); peers != nullptr) {
      const double p = p_of(value, size, least_players);
      const double alike = share_alike(shape, divergence);
      const double surely = alike >= kMaybeGame ? std::max(p, alike) : p;
      judgement = {.judged = true,
                   .once_in = 1 / (alike >= kGameShare ? surely : p),
                   .e_value = e_value_of(surely),
                   .observed = static_cast<float>(divergence),
                   .expected = peers->quantile(0.5) * peers->quantile(0.5),
                   .peer_quantile = peers->share_below(value),
                   .samples = state.total,
                   .review_only = alike >= kMaybeGame};
    }
    if (!suspect) distances_[size].put(tag, value, hour);
  }
  if (!suspect) keep(state, tag, hour);
  while (state.judged + 1U < kSizes && is_enough(state)) ++state.judged;
  if (is_enough(state)) {
    for (std::uint16_t& bin : state.bins) bin /= 2;
    state.total = std::accumulate(state.bins.begin(), state.bins.end(), std::uint16_t{0});
  }
  return judgement;
}

const PeerSample* ShapeCheck::peers_of(std::size_t size, std::size_t least_players) const {
  for (std::size_t i = size + 1; i > 0; --i) {
    if (distances_[i - 1].size() >= least_players) return &distances_[i - 1];
  }
  return nullptr;
}

double ShapeCheck::p_of(float value, std::size_t size, std::size_t least_players) const {
  double tests = 0;
  double least = 1;
  for (std::size_t i = 0; i <= size; ++i) {
    if (distances_[i].size() < least_players) continue;
    ++tests;
    least = std::min(least, distances_[i].p_of(value, least_players));
  }
  return std::min(1.0, least * std::max(1.0, tests));
}

double ShapeCheck::share_alike(const Shape& shape, double divergence) const {
  std::size_t players = 0;
  std::size_t alike = 0;
  for (const Place& place : players_) {
    if (place.hour == 0) continue;
    ++players;
    if (divergence_of(shape, shape_of(place.shares, kWhole)) < kAlike * divergence) ++alike;
  }
  return players == 0 ? 0 : static_cast<double>(alike) / static_cast<double>(players);
}

void ShapeCheck::keep(const ShapeState& state, std::uint32_t tag, std::uint32_t hour) {
  if (players_.empty()) players_.resize(kPlaces);
  Place& place = players_[tag / 2 % kPlaces];
  const bool free = place.hour == 0 || place.tag == tag || hour > place.hour + kStaleHours;
  if (!free) return;
  place.tag = tag;
  place.hour = std::max(1U, hour);
  for (std::size_t i = 0; i < kShapeBins; ++i) {
    place.shares[i] =
        static_cast<std::uint16_t>(kWhole * static_cast<float>(state.bins[i]) / static_cast<float>(state.total));
  }
  ++changed_;
}

void ShapeCheck::draw() {
  constexpr std::size_t kEnough = 20;
  std::vector<std::uint16_t> shares;
  Shape shape{};
  float sum = 0;
  for (std::size_t bin = 0; bin < kShapeBins; ++bin) {
    shares.clear();
    for (const Place& place : players_) {
      if (place.hour != 0) shares.push_back(place.shares[bin]);
    }
    if (shares.size() < kEnough) return;
    const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::nth_element(shares.begin(), middle, shares.end());
    shape[bin] = static_cast<float>(*middle) + 1;
    sum += shape[bin];
  }
  for (float& share : shape) share /= sum;
  everybody_ = shape;
}

void ShapeCheck::refresh() {
  constexpr std::uint32_t kRedrawAfter = 8;  // changed places
  if (changed_ >= kRedrawAfter) {
    changed_ = 0;
    draw();
  }
  for (PeerSample& each : distances_) each.refresh();
}

void ShapeCheck::forget(std::uint32_t tag) {
  for (PeerSample& each : distances_) each.remove(tag);
  for (Place& place : players_) {
    if (place.tag != tag) continue;
    place = {};
    ++changed_;
  }
}

std::size_t ShapeCheck::bytes() const {
  std::size_t bytes = players_.capacity() * sizeof(Place);
  for (const PeerSample& each : distances_) bytes += each.bytes();
  return bytes;
}

void ShapeCheck::save(Writer& out) const {
  out.put_list(players_);
  out.put(everybody_);
  out.put(changed_);
  for (const PeerSample& each : distances_) each.save(out);
}

bool ShapeCheck::restore(Reader& in) {
  if (!in.take_list(players_, kPlaces) || (!players_.empty() && players_.size() != kPlaces)) return false;
  if (!in.take(everybody_) || !in.take(changed_)) return false;
  return std::ranges::all_of(distances_, [&in](PeerSample& each) { return each.restore(in); });
}

}  // namespace liveops::fairness::async
