#include "progression/routes.hpp"

#include "progression/handlers.hpp"

namespace liveops::progression {

namespace http = core::http;
using ports::Access;
using ports::Route;

namespace {

constexpr std::size_t kMaxClaimBytes = 4 * 1024;
constexpr std::size_t kMaxTokenBytes = 16 * 1024;  // a receipt of many items makes a long token

using Call = boost::asio::awaitable<http::Response> (*)(Progression&, const http::Request&);

Route get(Progression& service, std::string path, Call call) {
  return {.method = "GET",
          .path = std::move(path),
          .access = Access::player_data,
          .max_body_bytes = 0,
          .content_types = {},
          .handler = [&service, call](const http::Request& request) { return call(service, request); }};
}

Route post(Progression& service, std::string path, std::size_t max_body_bytes, Call call) {
  return {.method = "POST",
          .path = std::move(path),
          .access = Access::player_data,
          .max_body_bytes = max_body_bytes,
          .content_types = {"application/json"},
          .handler = [&service, call](const http::Request& request) { return call(service, request); }};
}

}  // namespace

std::vector<Route> routes(Progression& service) {
  return {get(service, "/players/{id}/progress", get_progress),
          get(service, "/players/{id}/inventory", get_inventory),
          get(service, "/players/{id}/rewards", get_rewards),
          post(service, "/rewards/claim", kMaxClaimBytes, post_claim),
          post(service, "/rewards/receipts/verify", kMaxTokenBytes, post_verify),
          post(service, "/rewards/receipts/redeem", kMaxTokenBytes, post_redeem),
          {.method = "GET",
           .path = "/.well-known/jwks.json",
           .access = Access::open,
           .max_body_bytes = 0,
           .content_types = {},
           .handler = [&service](const http::Request&) { return get_jwks(service); }}};
}

}  // namespace liveops::progression
