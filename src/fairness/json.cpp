#include "fairness/json.hpp"

#include <cmath>
#include <optional>
#include <string_view>

#include "core/event.hpp"
#include "core/time.hpp"

namespace liveops::fairness {
namespace {

namespace json = boost::json;

std::string_view state_name(core::VerdictAction state) {
  switch (state) {
    case core::VerdictAction::allow:
      return "good";
    case core::VerdictAction::throttle:
      return "throttled";
    case core::VerdictAction::quarantine:
      return "quarantined";
    case core::VerdictAction::block:
      return "blocked";
  }
  return {};
}

void put_time(json::object& object, std::string_view name, const std::optional<core::Timestamp>& time) {
  if (time) object[name] = core::format_rfc3339(*time);
}

void put_text(json::object& object, std::string_view name, std::string_view text) {
  if (!text.empty()) object[name] = text;
}

/// Three digits after the point are enough for a reader.
/// To a thousandth; whole numbers without a fraction or exponent.
json::value rounded(double value) {
  const double near = std::round(value * 1000) / 1000;
  if (near == std::trunc(near) && std::abs(near) < static_cast<double>(core::kMaxExactInteger)) {
    return static_cast<std::int64_t>(near);
  }
  return near;
}

std::string_view lane_name(Lane lane) {
  return lane == Lane::score ? "score" : "xp";
}

json::object to_json(const CheckEvidence& check) {
  json::object object;
  object["check"] = core::to_string(check.detector);
  if (check.lane) object["award"] = lane_name(*check.lane);
  object["mode"] = core::to_string(check.mode);
  object["once_in_events"] = rounded(check.once_in);
  return object;
}

json::object to_json(const LaneEvidence& lane) {
  json::object object;
  object["award"] = lane_name(lane.lane);
  object["samples"] = lane.awards;
  object["times_peers"] = rounded(lane.times_peers);
  return object;
}

}  // namespace

json::object to_json(const core::Verdict& verdict) {
  json::object object;
  object["action"] = core::to_string(verdict.action);
  put_text(object, "reason", verdict.reason);
  put_text(object, "decision_id", verdict.decision_id);
  put_time(object, "until", verdict.until);
  return object;
}

json::object to_json(const ports::PlayerStanding& standing) {
  json::object object;
  object["state"] = state_name(standing.state);
  put_time(object, "until", standing.until);
  object["since"] = core::format_rfc3339(standing.at);
  object["reason"] = standing.reason;
  object["rule"] = standing.rule;
  object["policy_version"] = standing.policy_version;
  put_text(object, "decision_id", standing.decision_id);
  object["version"] = standing.version;
  return object;
}

json::object to_json(const ports::DecisionRecord& decision) {
  json::object object;
  object["decision_id"] = decision.id;
  object["player_id"] = decision.player_id.str();
  object["event_id"] = decision.event_id.str();
  object["action"] = decision.action;
  object["rule"] = decision.rule;
  object["mode"] = decision.mode;
  object["observed"] = rounded(decision.observed);
  object["expected"] = rounded(decision.expected);
  object["evidence"] = rounded(decision.evidence);
  object["explanation"] = decision.explanation;
  object["policy_version"] = decision.policy_version;
  object["at"] = core::format_rfc3339(decision.at);
  return object;
}

json::object to_json(const ports::AuditEntry& entry) {
  json::object object;
  object["number"] = entry.number;
  object["who"] = entry.actor;
  object["what"] = entry.action;
  object["reason"] = entry.reason;
  put_time(object, "until", entry.until);
  put_time(object, "since", entry.since);
  object["at"] = core::format_rfc3339(entry.at);
  return object;
}

json::object to_json(const core::Disqualification& disqualified) {
  return {{"since", core::format_rfc3339(disqualified.since)}, {"reason", disqualified.reason}};
}

json::object to_json(const ports::FlaggedPlayer& flagged) {
  json::object object;
  object["player_id"] = flagged.player_id.str();
  object["count"] = flagged.count;
  object["latest"] = to_json(flagged.latest);
  return object;
}

json::object to_json(const Evidence& evidence) {
  json::object object;
  object["events"] = evidence.events;
  object["refused"] = evidence.refused;
  object["burst_credit"] = rounded(evidence.burst_credit);
  object["sustained_credit"] = rounded(evidence.sustained_credit);
  object["once_in_events"] = rounded(evidence.once_in);
  object["flag_at"] = rounded(evidence.flag_at);
  object["throttle_at"] = rounded(evidence.throttle_at);
  object["quarantine_at"] = rounded(evidence.quarantine_at);
  object["block_at"] = rounded(evidence.block_at);
  object["flagged"] = evidence.flagged;
  object["throttles_in_a_row"] = evidence.throttles;
  object["blocks_in_a_row"] = evidence.blocks;
  if (evidence.throttled_until > core::Timestamp{}) put_time(object, "last_throttle_until", evidence.throttled_until);
  put_time(object, "last_seen", evidence.last_seen);
  if (evidence.active_since > core::Timestamp{}) put_time(object, "active_since", evidence.active_since);
  object["evidence_frozen"] = evidence.storm;
  object["times_tempo_of_peers"] = rounded(evidence.times_tempo);
  if (evidence.divergence > 0) object["interval_divergence"] = rounded(evidence.divergence);
  if (evidence.divergence_usual > 0) object["interval_divergence_usual"] = rounded(evidence.divergence_usual);
  json::array checks;
  for (const CheckEvidence& check : evidence.checks) checks.push_back(to_json(check));
  object["checks"] = std::move(checks);
  json::array awards;
  for (const LaneEvidence& lane : evidence.lanes) awards.push_back(to_json(lane));
  object["awards"] = std::move(awards);
  return object;
}

}  // namespace liveops::fairness
