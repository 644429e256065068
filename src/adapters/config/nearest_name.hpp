#pragma once

#include <span>
#include <string>
#include <string_view>

namespace liveops::adapters::config {

/// The candidate that takes the fewest edits (Levenshtein) to reach from `name`; empty when none is near enough to be
/// what was meant.
[[nodiscard]] std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

/// "unknown key" plus either "did you mean 'x'?" or the list of what there is.
[[nodiscard]] std::string unknown_name(std::string_view what, std::string_view name,
                                       std::span<const std::string_view> candidates);

}  // namespace liveops::adapters::config
