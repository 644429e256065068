#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace liveops::adapters::bus_local {

/// Fills `into` with the bytes of the open file from `offset` on; makes it shorter where the file ends before.
/// Errors: as `cannot`, and `into` is empty, so that a buffer is not taken for what was to be read into it.
[[nodiscard]] core::Status read_at(int file, const std::filesystem::path& path, std::uint64_t offset,
                                   std::string& into);

}  // namespace liveops::adapters::bus_local
