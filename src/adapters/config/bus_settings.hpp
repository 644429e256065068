#pragma once

#include <expected>
#include <string_view>

#include "adapters/config/settings.hpp"
#include "core/error.hpp"

/// What settings of a bus go together. Internal to this folder.
namespace liveops::adapters::config {

/// "VARIABLE: reason"
[[nodiscard]] std::unexpected<core::Error> refuse(std::string_view variable, std::string_view reason);

/// Whether the chosen bus has what it needs, and nothing that contradicts it. Errors: `invalid_argument`.
[[nodiscard]] core::Status check_bus(const Settings& settings);

}  // namespace liveops::adapters::config
