#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ports/progress.hpp"

namespace liveops::adapters::redis {

/// A player's progress as it stands in Redis: the version in 8 bytes, big end first, then the rest as JSON.
struct ProgressRecord {
  [[nodiscard]] static std::string encode(const ports::Progress& progress);
  /// nullopt: it cannot be read, for example as another release wrote it.
  [[nodiscard]] static std::optional<ports::Progress> decode(std::string_view record, core::PlayerId player);
};

}  // namespace liveops::adapters::redis
