#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/aws/environment.hpp"

namespace liveops::adapters::aws {

/// Sections of an AWS configuration file, by the name in the brackets. Indented lines belong to the key above them and
/// are found as "key.name".
/// https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-files.html
using ProfileFile = std::map<std::string, std::map<std::string, std::string>>;
[[nodiscard]] ProfileFile parse_profile_file(std::string_view text);

/// The profile that AWS_PROFILE names ("default" without it): what the credentials file says goes before the
/// configuration file.
class Profile {
 public:
  /// Reads AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, or ~/.aws/credentials and ~/.aws/config. A file that is not
  /// there is empty. Blocks.
  [[nodiscard]] static Profile load(const Environment& environment);

  /// Empty when it has no such setting.
  [[nodiscard]] std::string value(const std::string& name) const;
  /// The endpoint_url of a service ("sqs"), in the [services] section that the profile names.
  [[nodiscard]] std::string service_endpoint(const std::string& service) const;
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_ = "default";
  std::map<std::string, std::string> settings_;
  std::map<std::string, std::string> services_;
};

}  // namespace liveops::adapters::aws
