#include "fairness/guard.hpp"

#include <string>
#include <unordered_map>
#include <utility>

#include "core/ids.hpp"
#include "fairness/decision_detail.hpp"
#include "fairness/explanation.hpp"
#include "fairness/observation.hpp"

namespace liveops::fairness {
namespace {

/// One decision per event and check: the same remark on a retry is the same decision.
std::string decision_id(const core::Event& event, Detector detector) {
  static const core::KeyId kSpace = core::KeyId::trusted("fairness-decision");
  return core::EventId::derive(kSpace, event.id.str() + ":" + std::string(core::to_string(detector))).str();
}

/// What outlasts its event: a consequence of evidence or of the catalogue, not a refusal for the rate.
bool changes_standing(const Decision& decision) {
  if (decision.repeated || decision.action == core::VerdictAction::allow) return false;
  const Finding& reason = decision.reason();
  return reason.detector != Detector::burst && reason.detector != Detector::sustained && !reason.continued;
}

/// Only a block holds by itself. Of a throttled player a part of the events passes, which the engine sees to; those of
/// a player in quarantine all do.
bool holds(const ports::PlayerStanding& standing) {
  return standing.state == core::VerdictAction::block;
}

}  // namespace

/// What one call of `check` gathers.
struct Guard::Batch {
  core::Timestamp now;
  std::string policy;
  std::vector<core::Verdict> verdicts;
  std::vector<ports::StandingRequest> requests;
  std::vector<Observation> refused;                         // whose refusal rests on a request
  std::unordered_map<core::PlayerId, std::size_t> pending;  // requests by player: they hold for the rest of the batch
  std::vector<ports::DecisionRecord> records;
  std::size_t allowed = 0;
  CaseRecord grounds;  // of the event that was judged last, where there is something to explain
};

Guard::Guard(Engine& engine, const PlayerHasher& hasher, Standings& standings, DecisionLog& decisions,
             const PolicyName& policy, const PlayerTexts& texts, const core::Clock& clock, GuardMetrics& metrics)
    : engine_(engine),
      hasher_(hasher),
      standings_(standings),
      decisions_(decisions),
      policy_(policy),
      texts_(texts),
      clock_(clock),
      metrics_(metrics) {}

ports::Task<std::vector<core::Verdict>> Guard::check(std::vector<core::Event> events) {
  Batch batch{.now = clock_.now(), .policy = policy_.get()};
  batch.verdicts.reserve(events.size());
  std::vector<Observation> observations;
  observations.reserve(events.size());
  for (const core::Event& event : events) observations.push_back(observe(event, hasher_));
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events.size() > 1) engine_.expect(observations, i);
    judge(events[i], observations[i], batch);
  }
  if (!batch.requests.empty()) {
    if (auto lasting = co_await make_last(batch); !lasting) co_return std::unexpected(lasting.error());
  }
  for (ports::DecisionRecord& record : batch.records) decisions_.add(std::move(record));
  if (batch.allowed > 0) metrics_.allowed(batch.allowed);
  co_return std::move(batch.verdicts);
}

void Guard::judge(const core::Event& event, const Observation& observation, Batch& batch) {
  if (!batch.pending.empty()) {
    if (const auto pending = batch.pending.find(event.player_id); pending != batch.pending.end()) {
      const ports::PlayerStanding& wanted = batch.requests[pending->second].wanted;
      if (holds(wanted)) {
        batch.verdicts.push_back(by_standing(wanted));
        return;
      }
    }
  }
  const auto standing = standings_.in_force(event.player_id, batch.now);
  if (standing && holds(*standing)) {
    batch.verdicts.push_back(by_standing(*standing));
    return;
  }
  const Decision decision = engine_.evaluate(observation, event.received_at, &batch.grounds);
  if (decision.count > 0) note(event, decision, batch);
  if (changes_standing(decision)) request_standing(event, observation, decision, batch);
  if (!core::refuses(decision.action)) {
    ++batch.allowed;
    batch.verdicts.emplace_back();
    return;
  }
  batch.verdicts.push_back(refuse(event, decision));
}

void Guard::note(const core::Event& event, const Decision& decision, Batch& batch) {
  if (decision.repeated) return;
  for (const Finding& finding : decision.found()) {
    metrics_.found(finding);
    batch.records.push_back({.id = decision_id(event, finding.detector),
                             .player_id = event.player_id,
                             .event_id = event.id,
                             .action = std::string(action_name(finding)),
                             .rule = std::string(core::to_string(finding.detector)),
                             .mode = std::string(core::to_string(finding.mode)),
                             .observed = finding.observed,
                             .expected = finding.expected,
                             .evidence = static_cast<double>(finding.evidence),
                             .explanation = explain(finding),
                             .policy_version = batch.policy,
                             .at = event.received_at,
                             .detail = detail_of(finding, batch.grounds)});
  }
}

core::Verdict Guard::refuse(const core::Event& event, const Decision& decision) {
  const Finding& reason = decision.reason();
  core::Verdict verdict{.action = decision.action,
                        .reason = texts_.of(reason.detector),
                        .decision_id = decision_id(event, reason.detector),
                        .until = decision.until};
  metrics_.refused(reason.detector);
  if (decision.repeated && decision.action == core::VerdictAction::block) verdict.until.reset();
  return verdict;
}

void Guard::request_standing(const core::Event& event, const Observation& observation, const Decision& decision,
                             Batch& batch) {
  const Finding& reason = decision.reason();
  const bool quarantine = decision.action == core::VerdictAction::quarantine;
  batch.pending.insert_or_assign(event.player_id, batch.requests.size());
  batch.refused.push_back(observation);
  batch.requests.push_back({.wanted = {.player_id = event.player_id,
                                       .state = decision.action,
                                       .until = quarantine ? std::nullopt : std::optional(decision.until),
                                       .reason = texts_.of(reason.detector),
                                       .rule = std::string(core::to_string(reason.detector)),
                                       .policy_version = batch.policy,
                                       .decision_id = decision_id(event, reason.detector),
                                       .at = batch.now},
                            .actor = {},
                            .action = std::string(core::to_string(decision.action))});
}

ports::Task<void> Guard::make_last(Batch& batch) {
  auto stored = co_await standings_.change(std::move(batch.requests));
  if (stored) co_return core::Status{};
  for (const Observation& refused : batch.refused) engine_.forget(refused.player, refused.event_tag);
  co_return std::unexpected(core::Error{core::Errc::unavailable, stored.error().message, stored.error().detail});
}

core::Verdict Guard::by_standing(const ports::PlayerStanding& standing) {
  metrics_.refused_by_standing(standing.state);
  return {.action = standing.state,
          .reason = PlayerTexts::of(standing),
          .decision_id = standing.decision_id,
          .until = standing.until};
}

}  // namespace liveops::fairness
