#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/aws/credentials.hpp"
#include "adapters/aws/environment.hpp"
#include "adapters/aws/http.hpp"
#include "core/error.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::aws {

/// One place that credentials may come from.
///
/// Threads: one `fetch` at a time.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  /// For messages, e.g. "environment".
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// nullopt: not configured here, ask the next. Errors: configured, and gave none; the message has no secret.
  [[nodiscard]] virtual ports::Task<std::optional<Credentials>> fetch() = 0;
};

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
[[nodiscard]] std::unique_ptr<CredentialSource> environment_source(Environment environment);

/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME: AssumeRoleWithWebIdentity at `sts_endpoint`. The
/// file is read each time.
[[nodiscard]] std::unique_ptr<CredentialSource> web_identity_source(Environment environment, Http& http,
                                                                    std::string sts_endpoint);

/// The keys of the profile, read from its files each time.
[[nodiscard]] std::unique_ptr<CredentialSource> profile_source(Environment environment);

/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI, with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (read each time) or
/// AWS_CONTAINER_AUTHORIZATION_TOKEN.
[[nodiscard]] std::unique_ptr<CredentialSource> container_source(Environment environment, Http& http);

/// Instance metadata version 2 at AWS_EC2_METADATA_SERVICE_ENDPOINT, unless AWS_EC2_METADATA_DISABLED=true.
[[nodiscard]] std::unique_ptr<CredentialSource> instance_source(Environment environment, Http& http);

/// All of them, in the order above.
[[nodiscard]] std::vector<std::unique_ptr<CredentialSource>> default_sources(const Environment& environment, Http& http,
                                                                             std::string sts_endpoint);

/// The answer of the container's and the instance's service: AccessKeyId, SecretAccessKey, Token, Expiration.
/// Errors: `unavailable`.
[[nodiscard]] core::Result<Credentials> parse_credentials_json(std::string_view json);

/// Where the container's credentials are; empty: nowhere. A relative URI is one of ECS' own address, and goes first.
[[nodiscard]] std::string container_uri(const Environment& environment);

/// Whether the token may be sent there: https, or an address of this machine. The endpoint is from the environment.
[[nodiscard]] bool may_ask_container_uri(std::string_view uri);

}  // namespace liveops::adapters::aws
