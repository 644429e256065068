#pragma once

#include <string_view>

#include "core/error.hpp"

namespace liveops::adapters::redis {

/// An error reply ("WRONGTYPE Operation against ...") as the rest of the system knows it; the one table of it.
[[nodiscard]] core::Error to_error(std::string_view reply_text);

}  // namespace liveops::adapters::redis
