#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/rules.hpp"

namespace liveops::adapters::config {

/// Reads and checks a rules file: every key, bound and reference.
/// Errors: `invalid_argument` (message is one line, `file:line: key: reason`), `not_found` (cannot be opened).
[[nodiscard]] core::Result<core::GameRules> load_rules(const std::filesystem::path& path);

/// The same from text; `name` stands for the file in messages.
[[nodiscard]] core::Result<core::GameRules> parse_rules(std::string_view text, std::string_view name);

/// The rules of the file named, else of config/liveops.toml below the working directory where that exists, else the
/// copy of it that was built into the executable. `path` may be empty.
/// Errors: as load_rules.
[[nodiscard]] core::Result<core::GameRules> load_rules_or_default(const std::filesystem::path& path);

/// config/liveops.toml as it was when the executable was built.
[[nodiscard]] std::string_view built_in_rules();

}  // namespace liveops::adapters::config
