#include "fairness/async/peer_sample.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness::async {
namespace {

constexpr std::uint32_t kStaleHours = 72;
constexpr std::size_t kEnoughToBound = 40;  // players before unusual values are drawn in
constexpr double kBoundP = 1e-3;
constexpr float kBoundMemory = 64;  // values
constexpr float kFewDrawnIn = 0.15F;
constexpr double kLeastP = 1e-30;
constexpr float kLeastShape = 0.85F;
constexpr float kMostShape = 1.3F;
constexpr float kUncertainty = 1.5F;  // the scale is widened by this / sqrt(players): quantiles of few are uncertain
constexpr std::size_t kRefitShare = 16;

}  // namespace

void PeerSample::put(std::uint32_t player_tag, float value, std::uint32_t hour) {
  if (!std::isfinite(value)) return;
  if (places_.empty()) places_.resize(kPlaces);
  Place& place = places_[player_tag % kPlaces];
  const bool free = place.hour == 0 || place.tag == player_tag || hour > place.hour + kStaleHours;
  if (!free) return;
  if (sorted_.size() >= kEnoughToBound) {
    drawn_in_ += ((value > bound_ ? 1.0F : 0.0F) - drawn_in_) / kBoundMemory;
    if (drawn_in_ < kFewDrawnIn) value = std::min(value, bound_);
  }
  place = {.tag = player_tag, .value = value, .hour = std::max(1U, hour)};
  ++changed_;
}

void PeerSample::remove(std::uint32_t player_tag) {
  if (places_.empty()) return;
  Place& place = places_[player_tag % kPlaces];
  if (place.hour == 0 || place.tag != player_tag) return;
  place = {};
  ++changed_;
}

void PeerSample::refresh() {
  if (changed_ == 0 || (sorted_.size() >= kEnoughToBound && changed_ * kRefitShare < sorted_.size())) return;
  changed_ = 0;
  fit();
}

void PeerSample::fit() {
  sorted_.clear();
  for (const Place& place : places_) {
    if (place.hour != 0) sorted_.push_back(place.value);
  }
  if (sorted_.empty()) return;
  std::ranges::sort(sorted_);
  median_ = quantile(0.5);
  const float lower = median_ - quantile(0.25);
  const float upper = std::max({resolution_, quantile(0.75) - median_, lower / 2});
  const float far = std::max(1.3F * upper, quantile(0.9) - median_);
  // 1/2 exp(-((x - median) / a)^k) is 1/4 at the quartile and 1/10 at the 90th percentile. The scale is that of the
  // quartile, which one cheat in four players cannot move far; the shape has bounds for the same reason.
  const auto at_quartile = static_cast<float>(std::log(2.0));
  const auto at_far = static_cast<float>(std::log(5.0));
  shape_ = std::clamp(std::log(at_far / at_quartile) / std::log(far / upper), kLeastShape, kMostShape);
  scale_ = upper / std::pow(at_quartile, 1 / shape_);
  scale_ *= 1 + kUncertainty / std::sqrt(static_cast<float>(sorted_.size()));
  bound_ = median_ + scale_ * static_cast<float>(std::pow(std::log(0.5 / kBoundP), 1 / shape_));
}

double PeerSample::p_of(float value, std::size_t least) const {
  if (sorted_.size() < std::max<std::size_t>(least, 2)) return 1;
  if (value <= median_) return 1 - share_below(value) * (1 - 1 / static_cast<double>(sorted_.size()));
  const double distance = static_cast<double>((value - median_) / scale_);
  return std::max(kLeastP, 0.5 * std::exp(-std::pow(distance, static_cast<double>(shape_))));
}

double PeerSample::share_below(float value) const {
  if (sorted_.empty()) return 0;
  const auto below = std::ranges::lower_bound(sorted_, value) - sorted_.begin();
  return static_cast<double>(below) / static_cast<double>(sorted_.size());
}

float PeerSample::quantile(double q) const {
  return sorted_[static_cast<std::size_t>(q * static_cast<double>(sorted_.size() - 1))];
}

std::size_t PeerSample::bytes() const {
  return places_.capacity() * sizeof(Place) + sorted_.capacity() * sizeof(float);
}

void PeerSample::save(Writer& out) const {
  out.put_list(places_);
  out.put_list(sorted_);
  out.put(drawn_in_);
  out.put(changed_);
  out.put(median_);
  out.put(scale_);
  out.put(shape_);
  out.put(bound_);
}

bool PeerSample::restore(Reader& in) {
  if (!in.take_list(places_, kPlaces) || (!places_.empty() && places_.size() != kPlaces)) return false;
  if (!in.take_list(sorted_, kPlaces) || !in.take(drawn_in_) || !in.take(changed_) || !in.take(median_) ||
      !in.take(scale_) || !in.take(shape_) || !in.take(bound_)) {
    return false;
  }
  return scale_ > 0 && shape_ > 0 && std::ranges::is_sorted(sorted_);
}

}  // namespace liveops::fairness::async
