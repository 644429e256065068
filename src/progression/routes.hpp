#pragma once

#include <vector>

#include "ports/route.hpp"
#include "progression/progression.hpp"

namespace liveops::progression {

/// GET /players/{id}/progress, /inventory, /rewards; POST /rewards/claim, /rewards/receipts/verify and /redeem;
/// GET /.well-known/jwks.json. Lifetime: `service` outlives the routes.
///
/// A token that is no receipt of ours is 400 at redeem (the caller's own credentials were fine) and `valid: false` at
/// verify.
[[nodiscard]] std::vector<ports::Route> routes(Progression& service);

}  // namespace liveops::progression
