#pragma once

#include <boost/json.hpp>

#include "fairness/async/analyst.hpp"

namespace liveops::fairness::async {

/// {events, sessions, first_seen, last_seen, evidence, checks: [{check, proposed, explanation, ...}]}: what an operator
/// is shown. `evidence` is an e-value: it is 1 or less on average under honest play.
[[nodiscard]] boost::json::object to_json(const Dossier& dossier);

}  // namespace liveops::fairness::async
