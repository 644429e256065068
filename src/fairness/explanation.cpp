#include "fairness/explanation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace liveops::fairness {
namespace {

/// At most `digits` after the point, without trailing zeros.
std::string number(double value, int digits) {
  std::array<char, 64> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
  std::string text(buffer.data(), written.ptr);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string explain_score(const Finding& finding) {
  if (finding.evidence == 0) return "throttled for the evidence of earlier events";
  std::string text(to_string(finding.channel));
  text += " of " + number(finding.observed, 0) + " is ";
  text += number(finding.observed / std::max(1.0, finding.expected), 1);
  text += "x the player's own usual " + number(finding.expected, 0);
  // Rounded down: nobody is above everybody he was compared with.
  const double percent = std::min(99.9, std::floor(finding.peer_quantile * 1000) / 10);
  text += " and above the usual of " + number(percent, 1) + " % of peers; evidence ";
  text += number(finding.evidence, 1) + " reached " + number(finding.threshold, 1);
  return text;
}

}  // namespace

std::string explain(const Finding& finding) {
  switch (finding.detector) {
    case Detector::hard_bound:
      return std::string(to_string(finding.field)) + " of " + number(finding.observed, 0) +
             " is beyond the game's bound of " + number(finding.expected, 0);
    case Detector::burst:
      return "more than " + number(finding.expected, 0) + " events at once";
    case Detector::sustained:
      return "play without a pause has used up the credit of " + number(finding.expected, 0) + " events";
    default:
      return explain_score(finding);
  }
}

std::string_view player_safe_reason(Detector detector) {
  switch (detector) {
    case Detector::hard_bound:
      return "The event cannot have happened in this game. The account is under review.";
    case Detector::burst:
    case Detector::sustained:
      return "Events arrive too fast. Send again later.";
    default:
      return "Unusual activity was detected. Send again later.";
  }
}

std::string_view action_name(const Finding& finding) {
  return finding.action == core::VerdictAction::allow ? "flag" : core::to_string(finding.action);
}

}  // namespace liveops::fairness
