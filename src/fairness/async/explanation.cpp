#include "fairness/async/explanation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace liveops::fairness::async {
namespace {

std::string number(double value, int digits) {
  std::array<char, 400> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
  return {buffer.data(), written.ptr};
}

std::string percent(double share) {
  // Rounded down: nobody is above everybody he was compared with.
  return number(std::min(99.9, std::floor(share * 1000) / 10), 1) + " %";
}

/// "once in 3 million"
std::string odds(double once_in) {
  constexpr double kMillion = 1e6;
  constexpr double kMost = 1e15;
  if (once_in >= kMost) return "less than once in 10^15 judgements of honest players";
  if (once_in >= kMillion) return "once in " + number(once_in / kMillion, 0) + " million judgements of honest players";
  return "once in " + number(once_in, 0) + " judgements of honest players";
}

std::string what(const Finding& finding) {
  switch (finding.check) {
    case Check::session_shift:
      return "awards of the last sessions are " + number(std::exp(finding.observed), 2) +
             "x those of the player's own past";
    case Check::tempo_shift:
      return "events of the last sessions follow one another " + number(std::exp(finding.observed), 2) +
             "x as fast as in the player's own past";
    case Check::skill_jump:
      return "awards and pace rose together, by " + number(finding.observed, 1) +
             " standard errors in the last two sessions (usual: " + number(finding.expected, 1) + ")";
    case Check::timing:
      return "the shape of " + std::to_string(finding.samples) + " intervals diverges from everybody's by " +
             number(finding.observed, 3) + " nats (usual: " + number(finding.expected, 3) + ")";
    case Check::award_shape:
      return "the shape of " + std::to_string(finding.samples) + " awards diverges from everybody's by " +
             number(finding.observed, 3) + " nats (usual: " + number(finding.expected, 3) + ")";
    case Check::replay:
      return percent(finding.observed) + " of the player's rare sequences were there before, " +
             std::to_string(finding.samples) + " of them" +
             (finding.partner.empty() ? std::string() : ", the latest of player " + finding.partner.str());
    case Check::farm:
      return percent(finding.observed) + " of the seconds with events are those of player " + finding.partner.str() +
             " (by chance: " + percent(finding.expected) + ")";
    case Check::round_the_clock:
      return number(finding.observed, 1) + " hours of play (usual: " + number(finding.expected, 1) + ")";
  }
  return {};
}

}  // namespace

std::string in_words(const Finding& finding) {
  return what(finding) + "; above " + percent(finding.peer_quantile) + " of peers; " + odds(finding.once_in);
}

}  // namespace liveops::fairness::async
