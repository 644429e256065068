// The sources that ask nobody; container_source.cpp, instance_source.cpp and web_identity_source.cpp have the others.
#include "adapters/aws/credential_source.hpp"

#include <boost/json/parse.hpp>

#include "adapters/aws/profile.hpp"

namespace liveops::adapters::aws {

using core::Errc;
using core::Result;

namespace {

using Found = Result<std::optional<Credentials>>;

class EnvironmentSource final : public CredentialSource {
 public:
  explicit EnvironmentSource(Environment environment) : environment_(std::move(environment)) {}
  [[nodiscard]] std::string_view name() const override { return "environment"; }
  ports::Task<std::optional<Credentials>> fetch() override {
    Credentials found{.access_key_id = environment_("AWS_ACCESS_KEY_ID"),
                      .secret_access_key = environment_("AWS_SECRET_ACCESS_KEY"),
                      .session_token = environment_("AWS_SESSION_TOKEN"),
                      .expires_at = {}};
    if (found.access_key_id.empty()) co_return Found(std::nullopt);
    if (found.secret_access_key.empty()) {
      co_return core::fail(Errc::unauthenticated, "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not");
    }
    co_return std::optional(std::move(found));
  }

 private:
  Environment environment_;
};

class ProfileSource final : public CredentialSource {
 public:
  explicit ProfileSource(Environment environment) : environment_(std::move(environment)) {}
  [[nodiscard]] std::string_view name() const override { return "profile"; }
  ports::Task<std::optional<Credentials>> fetch() override {
    const auto profile = Profile::load(environment_);
    Credentials found{.access_key_id = profile.value("aws_access_key_id"),
                      .secret_access_key = profile.value("aws_secret_access_key"),
                      .session_token = profile.value("aws_session_token"),
                      .expires_at = {}};
    if (found.access_key_id.empty()) co_return Found(std::nullopt);
    if (found.secret_access_key.empty()) {
      co_return core::fail(Errc::unauthenticated, "the AWS profile has a key id and no aws_secret_access_key",
                           profile.name());
    }
    co_return std::optional(std::move(found));
  }

 private:
  Environment environment_;
};

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Result<Credentials> parse_credentials_json(std::string_view json) {
  boost::system::error_code broken;
  const auto value = boost::json::parse(json, broken);
  if (broken || !value.is_object()) return core::fail(Errc::unavailable, "the credentials' service sent no JSON");
  const auto& object = value.get_object();
  Credentials found{.access_key_id = text_of(object, "AccessKeyId"),
                    .secret_access_key = text_of(object, "SecretAccessKey"),
                    .session_token = text_of(object, "Token"),
                    .expires_at = {}};
  const auto expires = core::parse_rfc3339(text_of(object, "Expiration"));
  if (found.access_key_id.empty() || found.secret_access_key.empty() || !expires) {
    return core::fail(Errc::unavailable, "the credentials' service sent no credentials", text_of(object, "Code"));
  }
  found.expires_at = *expires;
  return found;
}

std::unique_ptr<CredentialSource> environment_source(Environment environment) {
  return std::make_unique<EnvironmentSource>(std::move(environment));
}

std::unique_ptr<CredentialSource> profile_source(Environment environment) {
  return std::make_unique<ProfileSource>(std::move(environment));
}

std::vector<std::unique_ptr<CredentialSource>> default_sources(const Environment& environment, Http& http,
                                                               std::string sts_endpoint) {
  std::vector<std::unique_ptr<CredentialSource>> sources;
  sources.push_back(environment_source(environment));
  sources.push_back(web_identity_source(environment, http, std::move(sts_endpoint)));
  sources.push_back(profile_source(environment));
  sources.push_back(container_source(environment, http));
  sources.push_back(instance_source(environment, http));
  return sources;
}

}  // namespace liveops::adapters::aws
