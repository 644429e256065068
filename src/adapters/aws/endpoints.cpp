#include "adapters/aws/endpoints.hpp"

#include <algorithm>
#include <cctype>

namespace liveops::adapters::aws {

using core::Errc;
using core::Result;

namespace {

std::string first_of(std::initializer_list<std::string> candidates) {
  for (const auto& candidate : candidates) {
    if (!candidate.empty()) return candidate;
  }
  return {};
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string regional(const std::string& service, const std::string& region, bool fips) {
  const std::string suffix = region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://" + service + (fips ? "-fips." : ".") + region + suffix;
}

Result<std::string> endpoint_of(const std::string& service, const std::string& region, const Environment& environment,
                                const Profile& profile) {
  const auto own = regional(service, region, environment("AWS_USE_FIPS_ENDPOINT") == "true");
  if (environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true") return own;
  auto endpoint = first_of({environment("AWS_ENDPOINT_URL_" + upper(service)), environment("AWS_ENDPOINT_URL"),
                            profile.service_endpoint(service), profile.value("endpoint_url"), own});
  if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) {
    return core::fail(Errc::invalid_argument, "the endpoint of " + service + " must be an http:// or https:// URL",
                      endpoint);
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

bool is_region(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

}  // namespace

Result<Endpoints> Endpoints::resolve(const Environment& environment, const Profile& profile) {
  Endpoints endpoints;
  endpoints.region_ = first_of({environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), profile.value("region")});
  if (!is_region(endpoints.region_)) {
    return core::fail(Errc::invalid_argument,
                      "no AWS region: set AWS_REGION, e.g. eu-central-1, or `region` in the profile");
  }
  for (const auto& [service, place] :
       {std::pair{"sqs", &endpoints.sqs_}, std::pair{"sns", &endpoints.sns_}, std::pair{"sts", &endpoints.sts_}}) {
    auto endpoint = endpoint_of(service, endpoints.region_, environment, profile);
    if (!endpoint) return std::unexpected(endpoint.error());
    *place = *std::move(endpoint);
  }
  return endpoints;
}

}  // namespace liveops::adapters::aws
