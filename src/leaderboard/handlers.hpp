#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/http/message.hpp"
#include "leaderboard/leaderboard.hpp"

/// One function a route. The request is alive until the coroutine completes (ports::Handler).
namespace liveops::leaderboard {

using Answer = boost::asio::awaitable<core::http::Response>;

[[nodiscard]] Answer get_top(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_around(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_player(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer post_ranks(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_windows(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_snapshots(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_snapshot(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_revisions(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer get_changes(Leaderboard& service, const core::http::Request& request);
[[nodiscard]] Answer post_rebuild(Leaderboard& service, const core::http::Request& request);

}  // namespace liveops::leaderboard
