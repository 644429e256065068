#include "fairness/decision_detail.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "fairness/explanation.hpp"
#include "fairness/json.hpp"

namespace liveops::fairness {
namespace {

namespace json = boost::json;

constexpr std::string_view kInputs = "inputs";

/// The finding of `rule` when the case is judged again, as it stands in the record; null when there is none.
json::value judge_again(const ports::DecisionRecord& decision, std::string_view inputs) {
  const auto record = decode_case(inputs);
  if (!record) return nullptr;
  const Decision again = record->judge_again();
  json::object object;
  object["same"] = false;
  for (const Finding& finding : again.found()) {
    if (core::to_string(finding.detector) != decision.rule) continue;
    object["action"] = action_name(finding);
    object["evidence"] = static_cast<double>(finding.evidence);
    object["same"] = action_name(finding) == decision.action && finding.observed == decision.observed &&
                     finding.expected == decision.expected &&
                     static_cast<double>(finding.evidence) == decision.evidence;
  }
  return object;
}

}  // namespace

std::string detail_of(const Finding& finding, const CaseRecord& record) {
  json::object object;
  if (finding.threshold > 0) {
    object["bar"] = static_cast<double>(finding.threshold);
    object["peer_quantile"] = static_cast<double>(finding.peer_quantile);
    object["own_events"] = finding.events;
    object["events_that_carry_it"] = finding.events - std::min(finding.since, finding.events);
    object["peers_of_band"] = finding.band;
  }
  if (finding.governed) object["governed"] = true;
  if (finding.second) object["second_flag"] = true;
  object[kInputs] = encode_case(record);
  return json::serialize(object);
}

json::object explain_decision(const ports::DecisionRecord& decision, const PlayerTexts& texts) {
  json::object object = to_json(decision);
  if (decision.evidence > 0) object["expected_once_in_events"] = decision.evidence;
  if (const auto detector = core::parse_detector(decision.rule)) object["player_text"] = texts.of(*detector);
  boost::system::error_code error;
  const json::value stored = json::parse(decision.detail, error);
  if (error || !stored.is_object()) return object;
  for (const auto& member : stored.get_object()) {
    if (member.key() != kInputs) object[member.key()] = member.value();
  }
  const json::value* inputs = stored.get_object().if_contains(kInputs);
  if (inputs == nullptr || !inputs->is_string()) return object;
  const json::value again = judge_again(decision, std::string_view(inputs->get_string()));
  if (!again.is_null()) object["judged_again"] = again;
  return object;
}

}  // namespace liveops::fairness
