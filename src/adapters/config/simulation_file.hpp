#pragma once

#include <filesystem>
#include <string_view>

#include "core/error.hpp"
#include "simulation/parameters.hpp"

namespace liveops::adapters::config {

/// Reads the parameters of a simulated game (config/simulation.toml); what is left out has its default.
/// Errors: `invalid_argument` (`name:line: key: reason`).
[[nodiscard]] core::Result<simulation::Parameters> parse_simulation(std::string_view text, std::string_view name);

/// The same from a file. Errors: also `not_found`.
[[nodiscard]] core::Result<simulation::Parameters> load_simulation(const std::filesystem::path& path);

}  // namespace liveops::adapters::config
