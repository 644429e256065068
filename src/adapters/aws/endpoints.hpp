#pragma once

#include <string>

#include "adapters/aws/environment.hpp"
#include "adapters/aws/profile.hpp"
#include "core/error.hpp"

namespace liveops::adapters::aws {

/// Where the services are, by the rules of AWS' own tools.
///
/// Region: AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`. Endpoint of a service: AWS_ENDPOINT_URL_<SERVICE>,
/// AWS_ENDPOINT_URL, the profile's [services] section, its `endpoint_url`, and else the region's own; with
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true only that. AWS_USE_FIPS_ENDPOINT=true takes the region's FIPS endpoint.
class Endpoints {
 public:
  /// Errors: `invalid_argument`: no region, or an endpoint that is no http(s) URL; the message says what to set.
  [[nodiscard]] static core::Result<Endpoints> resolve(const Environment& environment, const Profile& profile);

  [[nodiscard]] const std::string& region() const { return region_; }
  /// Without a slash at the end, e.g. "https://sqs.us-east-1.amazonaws.com".
  [[nodiscard]] const std::string& sqs() const { return sqs_; }
  [[nodiscard]] const std::string& sns() const { return sns_; }
  [[nodiscard]] const std::string& sts() const { return sts_; }

 private:
  std::string region_;
  std::string sqs_;
  std::string sns_;
  std::string sts_;
};

}  // namespace liveops::adapters::aws
