#pragma once

#include <string_view>

namespace liveops::apps {

/// api/openapi.yaml as it was when the executable was built.
[[nodiscard]] std::string_view openapi_yaml();

}  // namespace liveops::apps
