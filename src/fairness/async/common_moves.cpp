#include "fairness/async/common_moves.hpp"

#include <algorithm>
#include <cmath>

namespace liveops::fairness::async {
namespace {

constexpr std::size_t kEnough = 5;             // players; fewer wait for those of the next quarters
constexpr std::uint32_t kWaits = 8;            // quarters
constexpr std::uint32_t kForgottenAfter = 24;  // quarters in which too few played to tell
constexpr float kSignificant = 4;              // standard errors before a move is believed
constexpr float kStill = 2;                    // and until it is given up
constexpr float kLeastMove = 0.02F;
constexpr float kJump = 0.08F;
constexpr float kDoubtful = 0.15F;                 // so far off, a few may be the first to show what all will
constexpr float kMedianError = 1.2533F * 1.4826F;  // of a median, by the median distance from it

float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void CommonMoves::add(std::size_t stream, std::uint32_t player_tag, float distance) {
  std::vector<Distance>& distances = distances_[stream];
  // While few wait for others, a player counts with his latest quarter.
  if (distances.size() < kEnough) {
    const auto known = std::ranges::find(distances, player_tag, &Distance::tag);
    if (known != distances.end()) {
      known->distance = distance;
      return;
    }
  }
  distances.push_back({.tag = player_tag, .distance = distance});
}

void CommonMoves::settle() {
  for (std::size_t i = 0; i < kStreams; ++i) settle(streams_[i], distances_[i]);
}

void CommonMoves::settle(Stream& stream, std::vector<Distance>& distances) {
  stream.jumped = 0;
  if (distances.empty()) {
    if (++stream.quiet_quarters > kForgottenAfter) stream.move = 0;
    return;
  }
  values_.clear();
  for (const Distance& each : distances) values_.push_back(each.distance);
  const float middle = median(values_);
  if (distances.size() < kEnough) {
    stream.jumped = std::abs(middle - stream.move) > kDoubtful ? 1 : 0;
    if (++stream.quiet_quarters > kForgottenAfter) stream.move = 0;
    if (stream.quiet_quarters % kWaits == 0) distances.clear();
    return;
  }
  stream.quiet_quarters = 0;
  const float before = stream.move;
  for (float& value : values_) value = std::abs(value - middle);
  const float error = kMedianError * median(values_) / std::sqrt(static_cast<float>(values_.size()));
  const float least = std::max(kLeastMove, (before != 0 ? kStill : kSignificant) * error);
  stream.move = std::abs(middle) > least ? middle : 0;
  const bool in_doubt = std::abs(middle - stream.move) > kDoubtful;
  stream.jumped = in_doubt || std::abs(stream.move - before) > kJump ? 1 : 0;
  distances.clear();
}

void CommonMoves::save(Writer& out) const {
  out.put(streams_);
  for (const auto& distances : distances_) out.put_list(distances);
}

bool CommonMoves::restore(Reader& in) {
  if (!in.take(streams_)) return false;
  return std::ranges::all_of(distances_, [&in](auto& distances) { return in.take_list(distances, kEnough); });
}

}  // namespace liveops::fairness::async
