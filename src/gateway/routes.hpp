#pragma once

#include <string>
#include <vector>

#include "gateway/gateway.hpp"
#include "ports/route.hpp"

namespace liveops::gateway {

/// POST /events, POST /events/batch and GET /openapi.yaml, which answers `openapi_yaml`.
/// Lifetime: `gateway` outlives the routes.
[[nodiscard]] std::vector<ports::Route> routes(Gateway& gateway, std::string openapi_yaml);

}  // namespace liveops::gateway
