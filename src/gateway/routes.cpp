#include "gateway/routes.hpp"

#include <memory>
#include <utility>

namespace liveops::gateway {

namespace asio = boost::asio;
namespace http = core::http;

namespace {

asio::awaitable<http::Response> openapi(std::shared_ptr<const std::string> yaml) {
  co_return http::Response{.content_type = "application/yaml", .body = *yaml};
}

}  // namespace

std::vector<ports::Route> routes(Gateway& gateway, std::string openapi_yaml) {
  const auto yaml = std::make_shared<const std::string>(std::move(openapi_yaml));
  return {
      {.method = "POST",
       .path = "/events",
       .access = ports::Access::signed_request,
       .max_body_bytes = gateway.settings().events.max_event_bytes,
       .content_types = {"application/json"},
       .handler = [&gateway](const http::Request& request) { return gateway.events().handle(request); }},
      {.method = "POST",
       .path = "/events/batch",
       .access = ports::Access::signed_request,
       .max_body_bytes = gateway.settings().max_batch_bytes,
       .content_types = {"application/json", "application/x-ndjson"},
       .handler = [&gateway](const http::Request& request) { return gateway.batches().handle(request); }},
      {.method = "GET",
       .path = "/openapi.yaml",
       .access = ports::Access::open,
       .max_body_bytes = 0,
       .content_types = {},
       .handler = [yaml](const http::Request&) { return openapi(yaml); }},
  };
}

}  // namespace liveops::gateway
