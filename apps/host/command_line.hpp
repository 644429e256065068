#pragma once

#include <CLI/App.hpp>

#include "adapters/config/env_file.hpp"
#include "adapters/config/settings.hpp"

namespace liveops::apps {

/// What a process returns.
enum ExitCode : int { exit_ok = 0, exit_failed = 1, exit_usage = 2 };

/// Says what is wrong in one line on stderr, and gives `code`.
int complain(const core::Error& error, ExitCode code);

/// Adds a flag for every setting to `command`; what is given goes into `flags`, under the variable's name.
void add_setting_flags(CLI::App& command, adapters::config::Values& flags);

/// The environment, the file .env below the working directory, and `flags` over both. Errors: as read_environment.
[[nodiscard]] core::Result<adapters::config::Values> gather_values(const adapters::config::Values& flags);

/// True when neither HMAC_SECRET nor HMAC_KEYS is there.
[[nodiscard]] bool lacks_signing_keys(const adapters::config::Values& values);

}  // namespace liveops::apps
