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
constexpr float kMedianError = 1.2533F * 1.4826F;  // of a median, by the median distance from it

float median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void CommonMoves::settle() {
  for (std::size_t i = 0; i < kStreams; ++i) settle(streams_[i], distances_[i]);
}

void CommonMoves::settle(Stream& stream, std::vector<float>& distances) {
  stream.jumped = 0;
  if (distances.size() < kEnough) {
    if (++stream.quiet_quarters > kForgottenAfter) stream.move = 0;
    if (stream.quiet_quarters % kWaits == 0) distances.clear();
    return;
  }
  stream.quiet_quarters = 0;
  const float before = stream.move;
  const auto players = static_cast<float>(distances.size());
  const float middle = median(distances);
  for (float& distance : distances) distance = std::abs(distance - middle);
  const float error = kMedianError * median(distances) / std::sqrt(players);
  const float least = std::max(kLeastMove, (before != 0 ? kStill : kSignificant) * error);
  stream.move = std::abs(middle) > least ? middle : 0;
  stream.jumped = std::abs(stream.move - before) > kJump ? 1 : 0;
  distances.clear();
}

}  // namespace liveops::fairness::async
