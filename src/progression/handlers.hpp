#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/http/message.hpp"
#include "progression/progression.hpp"

/// One function a route. The request is alive until the coroutine completes (ports::Handler).
namespace liveops::progression {

[[nodiscard]] boost::asio::awaitable<core::http::Response> get_progress(Progression& service,
                                                                        const core::http::Request& request);
[[nodiscard]] boost::asio::awaitable<core::http::Response> get_inventory(Progression& service,
                                                                         const core::http::Request& request);
/// `?season=`: look at seasonal rewards in an earlier season.
[[nodiscard]] boost::asio::awaitable<core::http::Response> get_rewards(Progression& service,
                                                                       const core::http::Request& request);
[[nodiscard]] boost::asio::awaitable<core::http::Response> post_claim(Progression& service,
                                                                      const core::http::Request& request);
[[nodiscard]] boost::asio::awaitable<core::http::Response> post_verify(Progression& service,
                                                                       const core::http::Request& request);
[[nodiscard]] boost::asio::awaitable<core::http::Response> post_redeem(Progression& service,
                                                                       const core::http::Request& request);
[[nodiscard]] boost::asio::awaitable<core::http::Response> get_jwks(Progression& service);

}  // namespace liveops::progression
