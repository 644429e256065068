#include "fairness/explanation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace liveops::fairness {
namespace {

/// At most `digits` after the point, without trailing zeros.
std::string number(double value, int digits) {
  std::array<char, 400> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
  std::string text(buffer.data(), written.ptr);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Of peers, rounded down: nobody is above everybody he was compared with.
std::string share_of_peers(const Finding& finding) {
  const double percent = std::floor(static_cast<double>(finding.peer_quantile) * 10'000) / 100;
  return number(std::clamp(percent, 0.0, 99.99), 2) + " % of peers";
}

std::string expectation(const Finding& finding) {
  std::string text = "; " + once_in(static_cast<double>(finding.evidence));
  if (finding.threshold > 0) text += ", the bar is " + number(static_cast<double>(finding.threshold), 0);
  if (finding.events > finding.since) {
    text += "; it began " + std::to_string(finding.events - finding.since) + " events ago";
  }
  return text;
}

std::string explain_award(const Finding& finding) {
  std::string text = std::string(to_string(finding.field)) + " of " + number(finding.observed, 0);
  text += " is " + number(finding.observed / std::max(1.0, finding.expected), 1);
  text += "x the player's own usual " + number(finding.expected, 0);
  return text + " and above that of " + share_of_peers(finding) + expectation(finding);
}

std::string explain_tempo(const Finding& finding) {
  std::string text = number(finding.observed, 3) + " s since the event before, usual for the player are ";
  text += number(finding.expected, 3) + " s; quicker than " + share_of_peers(finding);
  return text + expectation(finding);
}

std::string explain_timing(const Finding& finding) {
  if (finding.steady) {
    return "again and again an interval is like the one before it, this one of " + number(finding.observed, 3) +
           " s; of people's, " + number(100 * finding.expected, 1) + " % are that much alike" + expectation(finding);
  }
  std::string text = "the intervals differ by " + number(finding.observed, 3);
  text += " nats from those of people, who differ by " + number(finding.expected, 3);
  return text + "; more than " + share_of_peers(finding) + expectation(finding);
}

std::string explain_velocity(const Finding& finding) {
  return "in five minutes " + number(finding.observed, 0) + " usual awards, as only " +
         number(100 - std::min(99.99, 100 * static_cast<double>(finding.peer_quantile)), 2) + " % of peers make" +
         expectation(finding);
}

std::string explain_clock(const Finding& finding) {
  const bool ahead = finding.observed > 0;
  return "the event's time is " + number(std::abs(finding.observed), 1) + " s " + (ahead ? "ahead of" : "behind") +
         " its arrival, at most " + number(std::abs(finding.expected), 1) + " s is possible";
}

std::string explain_once(const Finding& finding) {
  switch (finding.detector) {
    case Detector::hard_bound:
      return std::string(to_string(finding.field)) + " of " + number(finding.observed, 0) +
             " is beyond the game's bound of " + number(finding.expected, 0);
    case Detector::sequence:
      return "the player's counter ran back by " + number(finding.observed, 0) + ", at most " +
             number(finding.expected, 0) + " is possible";
    case Detector::clock:
      return explain_clock(finding);
    case Detector::burst:
      return "more than " + number(finding.expected, 0) + " events at once";
    case Detector::sustained:
      return "play without a pause has used up the credit of " + number(finding.expected, 0) + " events";
    case Detector::unbroken:
      return "play for " + number(finding.observed / 3600, 1) + " hours without a pause";
    case Detector::tempo:
      return explain_tempo(finding);
    case Detector::timing:
      return explain_timing(finding);
    case Detector::velocity:
      return explain_velocity(finding);
    case Detector::award_level:
    case Detector::award_tail:
      return explain_award(finding);
  }
  return {};
}

}  // namespace

std::string once_in(double events) {
  if (events < 1e6) return "expected once in " + number(events, 0) + " events";
  if (events < 1e9) return "expected once in " + number(events / 1e6, 1) + " million events";
  if (events < 1e12) return "expected once in " + number(events / 1e9, 1) + " billion events";
  return "expected less than once in a trillion events";
}

std::string explain(const Finding& finding) {
  if (finding.continued) return "throttled for the evidence of earlier events";
  std::string text = explain_once(finding);
  if (finding.governed) text += "; a throttle in place of a block, since there were too many blocks this hour";
  if (finding.second) text += "; flagged on another day before, therefore quarantined until somebody has looked";
  return text;
}

std::string_view player_safe_reason(Detector detector) {
  switch (detector) {
    case Detector::hard_bound:
    case Detector::sequence:
    case Detector::clock:
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
