#include "leaderboard/routes.hpp"

#include "leaderboard/handlers.hpp"

namespace liveops::leaderboard {

namespace http = core::http;
using ports::Access;
using ports::Route;

namespace {

constexpr std::size_t kMaxRanksBytes = 16 * 1024;  // 100 ids of 64 characters, with room for white space

using Call = Answer (*)(Leaderboard&, const http::Request&);

Route get(Leaderboard& service, std::string path, Call call, Access access = Access::leaderboard) {
  return {.method = "GET",
          .path = std::move(path),
          .access = access,
          .max_body_bytes = 0,
          .content_types = {},
          .handler = [&service, call](const http::Request& request) { return call(service, request); }};
}

}  // namespace

std::vector<Route> routes(Leaderboard& service) {
  return {get(service, "/leaderboard", get_top),
          get(service, "/leaderboard/around", get_around),
          get(service, "/leaderboard/players/{id}", get_player),
          get(service, "/leaderboard/windows", get_windows),
          get(service, "/leaderboard/snapshots", get_snapshots),
          get(service, "/leaderboard/snapshots/{id}", get_snapshot),
          get(service, "/leaderboard/revisions", get_revisions),
          get(service, "/leaderboard/snapshots/{id}/changes", get_changes, Access::player_data),
          {.method = "POST",
           .path = "/leaderboard/ranks",
           .access = Access::leaderboard,
           .max_body_bytes = kMaxRanksBytes,
           .content_types = {"application/json"},
           .handler = [&service](const http::Request& request) { return post_ranks(service, request); }},
          {.method = "POST",
           .path = "/leaderboard/rebuild",
           .access = Access::admin,
           .max_body_bytes = 1024,
           .content_types = {},
           .handler = [&service](const http::Request& request) { return post_rebuild(service, request); }}};
}

}  // namespace liveops::leaderboard
