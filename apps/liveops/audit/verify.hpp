#pragma once

#include <CLI/App.hpp>

#include "apps/liveops/commands.hpp"

namespace liveops::apps {

/// Adds `verify` to the command `audit`.
void add_audit_verify(CLI::App& audit, Command& run);

}  // namespace liveops::apps
