#include "adapters/aws/credential_source.hpp"

namespace liveops::adapters::aws {

using core::Errc;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kTimeout{1000};
constexpr const char* kTokenSeconds = "21600";
constexpr std::string_view kRoles = "/latest/meta-data/iam/security-credentials/";

class InstanceSource final : public CredentialSource {
 public:
  InstanceSource(Environment environment, Http& http) : environment_(std::move(environment)), http_(http) {}

  [[nodiscard]] std::string_view name() const override { return "instance metadata"; }

  ports::Task<std::optional<Credentials>> fetch() override {
    if (environment_("AWS_EC2_METADATA_DISABLED") == "true") co_return std::optional<Credentials>();
    const auto token =
        co_await ask("PUT", "/latest/api/token", {"x-aws-ec2-metadata-token-ttl-seconds", kTokenSeconds});
    if (!token) co_return std::unexpected(token.error());
    const std::pair<std::string, std::string> proof{"x-aws-ec2-metadata-token", *token};
    const auto role = co_await ask("GET", std::string(kRoles), proof);
    if (!role) co_return std::unexpected(role.error());
    const auto answer = co_await ask("GET", std::string(kRoles) + role->substr(0, role->find('\n')), proof);
    if (!answer) co_return std::unexpected(answer.error());
    auto found = parse_credentials_json(*answer);
    if (!found) co_return std::unexpected(found.error());
    co_return std::optional(*std::move(found));
  }

 private:
  [[nodiscard]] std::string base() const {
    auto base = environment_("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (base.empty()) {
      base = environment_("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6" ? "http://[fd00:ec2::254]"
                                                                              : "http://169.254.169.254";
    }
    while (base.ends_with('/')) base.pop_back();
    return base;
  }

  ports::Task<std::string> ask(std::string method, std::string path, std::pair<std::string, std::string> header) {
    HttpRequest request{.method = std::move(method),
                        .url = base() + path,
                        .headers = {std::move(header)},
                        .body = {},
                        .timeout = kTimeout,
                        .direct = true,
                        .stop = {}};
    auto answer = co_await http_.send(std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status != 200) {
      co_return core::fail(Errc::unavailable, "instance metadata say HTTP " + std::to_string(answer->status));
    }
    co_return std::move(answer->body);
  }

  Environment environment_;
  Http& http_;
};

}  // namespace

std::unique_ptr<CredentialSource> instance_source(Environment environment, Http& http) {
  return std::make_unique<InstanceSource>(std::move(environment), http);
}

}  // namespace liveops::adapters::aws
