#include "fairness/async/remarks.hpp"

#include <boost/json.hpp>

#include "core/ids.hpp"
#include "fairness/async/explanation.hpp"

namespace liveops::fairness::async {
namespace {

std::string id_of(const std::string& text) {
  static const core::KeyId kSpace = core::KeyId::trusted("fairness-async");
  return core::EventId::derive(kSpace, text).str();
}

std::string id_of(const Finding& finding) {
  return id_of(std::string(to_string(finding.check)) + ":" + std::string(to_string(finding.proposal)) + ":" +
               finding.player.str() + ":" + finding.last_event.str());
}

/// What the words rest on; named as `GET /decisions/{id}` names it.
std::string detail_of(const Finding& finding) {
  boost::json::object object{{"peer_quantile", finding.peer_quantile},
                             {"e_value", finding.e_value},
                             {"samples", finding.samples},
                             {"from", core::format_rfc3339(finding.from)},
                             {"to", core::format_rfc3339(finding.to)}};
  if (!finding.partner.empty()) object["other_player"] = finding.partner.str();
  return boost::json::serialize(object);
}

}  // namespace

std::string rule_name(Check check) {
  return "async." + std::string(to_string(check));
}

ports::DecisionRecord decision_of(const Finding& finding, std::string_view policy_version) {
  ports::DecisionRecord decision;
  decision.id = id_of(finding);
  decision.player_id = finding.player;
  decision.event_id = finding.last_event;
  decision.action = to_string(finding.proposal);
  decision.rule = rule_name(finding.check);
  decision.mode = finding.proposal == Proposal::quarantine ? "quarantine" : "flag";
  decision.observed = finding.observed;
  decision.expected = finding.expected;
  decision.evidence = finding.once_in;
  decision.explanation = in_words(finding);
  decision.policy_version = policy_version;
  decision.at = finding.to;
  decision.detail = detail_of(finding);
  return decision;
}

ports::StandingRequest quarantine_of(const Finding& finding, std::string_view policy_version) {
  ports::StandingRequest request;
  request.wanted.player_id = finding.player;
  request.wanted.state = core::VerdictAction::quarantine;
  request.wanted.reason = "The account is under review.";
  request.wanted.rule = rule_name(finding.check);
  request.wanted.policy_version = policy_version;
  request.wanted.decision_id = id_of(finding);
  request.wanted.at = finding.to;
  request.action = core::to_string(core::VerdictAction::quarantine);
  return request;
}

ports::Suspicion suspicion_of(const Finding& finding) {
  return {.player_id = finding.player,
          .rule = rule_name(finding.check),
          .action = std::string(to_string(finding.proposal)),
          .evidence = finding.once_in,
          .summary = in_words(finding),
          .decision_id = id_of(finding),
          .at = finding.to};
}

ports::Suspicion suspicion_of(const ReviewEntry& entry, core::Timestamp listed_at) {
  return {.player_id = entry.player,
          .rule = "async.review_list",
          .action = "review",
          .evidence = entry.e_value,
          .summary = "on the hourly list of players for review, most of all for " + rule_name(entry.strongest),
          .decision_id = id_of("list:" + entry.player.str() + ":" + core::format_rfc3339(listed_at)),
          .at = listed_at};
}

}  // namespace liveops::fairness::async
