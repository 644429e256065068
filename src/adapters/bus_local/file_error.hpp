#pragma once

#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace liveops::adapters::bus_local {

/// `unavailable`: "cannot <what> <path>: <what the system says>: <what to do>".
[[nodiscard]] std::unexpected<core::Error> cannot(const std::string& what, const std::filesystem::path& path,
                                                  int system_error);

}  // namespace liveops::adapters::bus_local
