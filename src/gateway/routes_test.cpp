#include "gateway/routes.hpp"

#include <gtest/gtest.h>

#include "gateway/test_gateway.hpp"

namespace liveops::gateway {
namespace {

using test::Harness;
using test::TestRequest;

const ports::Route& find(const std::vector<ports::Route>& all, const std::string& path) {
  for (const auto& route : all) {
    if (route.path == path) return route;
  }
  throw std::out_of_range(path);
}

TEST(GatewayRoutes, TakeEventsOnlyWhenSignedAndWithinTheirSize) {
  Harness harness;
  const auto all = routes(harness.gateway, "");
  for (const auto* path : {"/events", "/events/batch"}) {
    EXPECT_EQ(find(all, path).method, "POST");
    EXPECT_EQ(find(all, path).access, ports::Access::signed_request);
  }
  EXPECT_EQ(find(all, "/events").max_body_bytes, 32U * 1024U);
  EXPECT_EQ(find(all, "/events/batch").max_body_bytes, 1024U * 1024U);
}

TEST(GatewayRoutes, LeadToTheirPipelines) {
  Harness harness;
  const auto all = routes(harness.gateway, "");
  TestRequest single("/events", test::progression("p", 1));
  single.with("Idempotency-Key", "a");
  EXPECT_EQ(liveops::test::run(find(all, "/events").handler(single.view())).status, 202);
  TestRequest batch("/events/batch", "[" + test::progression_item("a", "p", 1) + "]");
  EXPECT_NE(liveops::test::run(find(all, "/events/batch").handler(batch.view())).body.find("duplicate"),
            std::string::npos);
}

TEST(GatewayRoutes, GiveTheContractToAnybody) {
  Harness harness;
  const auto all = routes(harness.gateway, "openapi: 3.1.0\n");
  const auto& route = find(all, "/openapi.yaml");
  EXPECT_EQ(route.access, ports::Access::open);
  TestRequest request("/openapi.yaml", "");
  const auto response = liveops::test::run(route.handler(request.view()));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/yaml");
  EXPECT_EQ(response.body, "openapi: 3.1.0\n");
}

}  // namespace
}  // namespace liveops::gateway
