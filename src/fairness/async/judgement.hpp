#pragma once

#include <cstdint>

namespace liveops::fairness::async {

/// What one check makes of a player at one moment.
struct Judgement {
  bool judged = false;  // false: too little is known yet; nothing else is meant then
  double once_in = 1;   // honest judgements among which one such is to be expected
  double e_value = 1;   // E <= 1 under honest play
  float observed = 0;
  float expected = 0;
  double peer_quantile = 0;
  std::uint32_t samples = 0;
  std::uint32_t partner = 0;  // tag of another player; 0: none
  bool review_only = false;
};

}  // namespace liveops::fairness::async
