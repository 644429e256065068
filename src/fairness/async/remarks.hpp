#pragma once

#include <string>
#include <string_view>

#include "core/time.hpp"
#include "fairness/async/analyst.hpp"
#include "fairness/async/finding.hpp"
#include "ports/review_store.hpp"
#include "ports/verdict_store.hpp"

/// What becomes of a finding: a decision for the record, a case for a person.
namespace liveops::fairness::async {

/// "async.replay": the name of the rule in decisions, cases and metrics.
[[nodiscard]] std::string rule_name(Check check);

/// The same finding gives the same id, however often it is delivered.
[[nodiscard]] ports::DecisionRecord decision_of(const Finding& finding, std::string_view policy_version);
/// What the engine asks for of the player's standing.
[[nodiscard]] ports::StandingRequest quarantine_of(const Finding& finding, std::string_view policy_version);
[[nodiscard]] ports::Suspicion suspicion_of(const Finding& finding);
[[nodiscard]] ports::Suspicion suspicion_of(const ReviewEntry& entry, core::Timestamp listed_at);

}  // namespace liveops::fairness::async
