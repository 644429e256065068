#pragma once

#include <string>
#include <vector>

#include "adapters/config/settings.hpp"

namespace liveops::apps {

/// What signs the end of fairness's audit: one secret derived from each signing key, so that it is no further secret to
/// keep. The first one signs; all of them are known, so that a rotation breaks no chain. Errors: as KeyRing::parse.
[[nodiscard]] core::Result<std::vector<std::string>> audit_secrets(const adapters::config::Settings& settings);

}  // namespace liveops::apps
