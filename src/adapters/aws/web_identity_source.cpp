#include <cctype>
#include <fstream>
#include <iterator>

#include "adapters/aws/credential_source.hpp"
#include "adapters/aws/fault.hpp"
#include "adapters/aws/form.hpp"

namespace liveops::adapters::aws {

using core::Errc;
using core::Result;

namespace {

constexpr const char* kSessionSeconds = "3600";

class WebIdentitySource final : public CredentialSource {
 public:
  WebIdentitySource(Environment environment, Http& http, std::string endpoint)
      : environment_(std::move(environment)), http_(http), endpoint_(std::move(endpoint)) {}

  [[nodiscard]] std::string_view name() const override { return "web identity"; }

  ports::Task<std::optional<Credentials>> fetch() override {
    const auto file = environment_("AWS_WEB_IDENTITY_TOKEN_FILE");
    const auto role = environment_("AWS_ROLE_ARN");
    if (file.empty() || role.empty()) co_return std::optional<Credentials>();
    std::ifstream stream(file, std::ios::binary);
    std::string token(std::istreambuf_iterator<char>(stream), {});
    while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back())) != 0) token.pop_back();
    if (token.empty()) {
      co_return core::fail(Errc::unauthenticated, "AWS_WEB_IDENTITY_TOKEN_FILE cannot be read or is empty", file);
    }
    const auto answer = co_await http_.send(request(role, token));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status != 200) co_return std::unexpected(to_error(parse_fault(*answer)));
    co_return read(answer->body);
  }

 private:
  [[nodiscard]] HttpRequest request(const std::string& role, const std::string& token) const {
    auto session = environment_("AWS_ROLE_SESSION_NAME");
    if (session.empty()) session = "liveops-guard";
    return {.method = "POST",
            .url = endpoint_ + "/",
            .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            .body = encode_form({{"Action", "AssumeRoleWithWebIdentity"},
                                 {"Version", "2011-06-15"},
                                 {"RoleArn", role},
                                 {"RoleSessionName", session},
                                 {"WebIdentityToken", token},
                                 {"DurationSeconds", kSessionSeconds}}),
            .stop = {}};
  }

  static Result<std::optional<Credentials>> read(const std::string& xml) {
    const auto expires = core::parse_rfc3339(xml_text(xml, "Expiration"));
    Credentials found{.access_key_id = xml_text(xml, "AccessKeyId"),
                      .secret_access_key = xml_text(xml, "SecretAccessKey"),
                      .session_token = xml_text(xml, "SessionToken"),
                      .expires_at = {}};
    if (!expires || found.access_key_id.empty() || found.secret_access_key.empty()) {
      return core::fail(Errc::unavailable, "STS sent no credentials");
    }
    found.expires_at = *expires;
    return std::optional(std::move(found));
  }

  Environment environment_;
  Http& http_;
  std::string endpoint_;
};

}  // namespace

std::unique_ptr<CredentialSource> web_identity_source(Environment environment, Http& http, std::string sts_endpoint) {
  return std::make_unique<WebIdentitySource>(std::move(environment), http, std::move(sts_endpoint));
}

}  // namespace liveops::adapters::aws
