#pragma once

#include <boost/json.hpp>
#include <string>

#include "fairness/case_record.hpp"
#include "fairness/decision.hpp"
#include "fairness/player_texts.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// What a decision is stored with beside its words: the numbers of the finding, and what the judgement rested on.
[[nodiscard]] std::string detail_of(const Finding& finding, const CaseRecord& record);

/// The decision for operators: all that is stored of it, what the player is told, and whether judging again what it
/// rested on gives the same (`judged_again`; absent where another release made it).
[[nodiscard]] boost::json::object explain_decision(const ports::DecisionRecord& decision, const PlayerTexts& texts);

}  // namespace liveops::fairness
