#pragma once

#include <filesystem>
#include <string_view>

#include "adapters/config/settings.hpp"
#include "core/error.hpp"

namespace liveops::adapters::config {

/// Reads `KEY=VALUE` lines: `#` comments, an optional `export `, values bare (a ` #` begins a comment), in single
/// quotes (taken as they are) or in double quotes (with \n, \t, \", \\ and \$). Quoted values may span lines. Errors:
/// `invalid_argument`; the message is one line, `name:line: reason`, without the value.
[[nodiscard]] core::Result<Values> parse_env(std::string_view text, std::string_view name);

/// The values of the file (none when there is no such file), under those of the process's environment.
/// Of the environment only the variables of `setting_table` are taken.
/// Errors: as parse_env; `unavailable` when the file is there but cannot be read.
[[nodiscard]] core::Result<Values> read_environment(const std::filesystem::path& env_file);

}  // namespace liveops::adapters::config
