#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.hpp"

/// The answers that the router gives by itself.
namespace liveops::adapters::http::refusals {

/// `route_list`: JSON array of "METHOD /path" texts.
[[nodiscard]] core::http::Response unknown_path(std::string_view path, const std::string& route_list);
[[nodiscard]] core::http::Response bad_escape(std::string_view path);
[[nodiscard]] core::http::Response method_not_allowed(std::string_view method, const std::string& allow);
[[nodiscard]] core::http::Response body_too_large(std::size_t max_bytes);
[[nodiscard]] core::http::Response unsupported_media_type(std::string_view given,
                                                          const std::vector<std::string>& taken);
[[nodiscard]] core::http::Response at_capacity();
[[nodiscard]] core::http::Response protocol(int status, std::string detail);

}  // namespace liveops::adapters::http::refusals
