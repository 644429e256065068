#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/http/message.hpp"

namespace liveops::ports {

/// Who may call a route. The server checks it before the handler runs and sets `Request::principal`.
enum class Access : std::uint8_t {
  open,            // anybody
  signed_request,  // HMAC signature by a known key
  player_data,     // signature, API_TOKEN or ADMIN_TOKEN
  leaderboard,     // anybody, unless PUBLIC_LEADERBOARD=false: then as player_data
  admin            // ADMIN_TOKEN
};

/// A handler; awaited on the spot by the server, which keeps the request alive until it completes.
using Handler = std::function<boost::asio::awaitable<core::http::Response>(const core::http::Request&)>;

/// One route of a service.
struct Route {
  std::string method;  // "GET" (HEAD is derived), "POST"
  std::string path;    // "/players/{id}/progress"
  Access access = Access::admin;
  std::size_t max_body_bytes = 0;          // 413 above; 0: a body is refused
  std::vector<std::string> content_types;  // media types taken, checked before the signature; empty: any
  Handler handler;
};

}  // namespace liveops::ports
