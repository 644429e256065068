#include <array>
#include <fstream>
#include <iterator>

#include "adapters/aws/credential_source.hpp"
#include "adapters/aws/pause.hpp"

namespace liveops::adapters::aws {

using core::Errc;
using core::Result;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view kContainerHost = "http://169.254.170.2";  // of ECS
constexpr std::array<std::string_view, 6> kLocalHosts{"localhost",      "127.",  "169.254.170.2",
                                                      "169.254.170.23", "[::1]", "[fd00:ec2::23]"};
constexpr milliseconds kTimeout{2000};
constexpr milliseconds kPause{1000};
constexpr int kAttempts = 3;

class ContainerSource final : public CredentialSource {
 public:
  ContainerSource(Environment environment, Http& http) : environment_(std::move(environment)), http_(http) {}

  [[nodiscard]] std::string_view name() const override { return "container"; }

  ports::Task<std::optional<Credentials>> fetch() override {
    const auto uri = container_uri(environment_);
    if (uri.empty()) co_return std::optional<Credentials>();
    if (!may_ask_container_uri(uri)) {
      co_return core::fail(Errc::unauthenticated,
                           "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https or an address of this machine");
    }
    auto token = this->token();
    if (!token) co_return std::unexpected(token.error());
    for (int attempt = 1;; ++attempt) {
      auto found = co_await ask(uri, *token);
      if (found || attempt == kAttempts) co_return found;
      co_await pause(kPause, {});
    }
  }

 private:
  [[nodiscard]] Result<std::string> token() const {
    auto token = environment_("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (const auto file = environment_("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
      std::ifstream stream(file, std::ios::binary);
      if (!stream) {
        return core::fail(Errc::unauthenticated, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read", file);
      }
      token.assign(std::istreambuf_iterator<char>(stream), {});
      while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
    }
    if (token.find_first_of("\r\n") != std::string::npos) {
      return core::fail(Errc::unauthenticated, "the container's authorization token has a line break in it");
    }
    return token;
  }

  ports::Task<std::optional<Credentials>> ask(std::string uri, std::string token) {
    HttpRequest request{.url = std::move(uri),
                        .headers = {{"Accept", "application/json"}},
                        .body = {},
                        .timeout = kTimeout,
                        .direct = true,
                        .stop = {}};
    if (!token.empty()) request.headers.emplace_back("Authorization", std::move(token));
    const auto answer = co_await http_.send(std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->status != 200) {
      co_return core::fail(Errc::unavailable,
                           "the container's credentials' service says HTTP " + std::to_string(answer->status));
    }
    auto found = parse_credentials_json(answer->body);
    if (!found) co_return std::unexpected(found.error());
    co_return std::optional(*std::move(found));
  }

  Environment environment_;
  Http& http_;
};

}  // namespace

std::string container_uri(const Environment& environment) {
  const auto relative = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) return std::string(kContainerHost) + relative;
  return environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

bool may_ask_container_uri(std::string_view uri) {
  if (uri.starts_with("https://")) return true;
  if (!uri.starts_with("http://")) return false;
  auto host = uri.substr(std::string_view("http://").size());
  host = host.substr(0, host.find_first_of("/?"));
  if (host.contains('@')) return false;
  host = host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
  for (const auto local : kLocalHosts) {
    const bool loopback = local.ends_with('.') && host.starts_with(local) &&
                          host.find_first_not_of("0123456789.") == std::string_view::npos;
    if (host == local || loopback) return true;
  }
  return false;
}

std::unique_ptr<CredentialSource> container_source(Environment environment, Http& http) {
  return std::make_unique<ContainerSource>(std::move(environment), http);
}

}  // namespace liveops::adapters::aws
