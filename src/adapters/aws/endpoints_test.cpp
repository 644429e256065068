#include "adapters/aws/endpoints.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "adapters/aws/credential_source.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::aws {

using testing::HasSubstr;

namespace {

/// The endpoints that follow from these variables and this configuration file.
core::Result<Endpoints> resolve(std::map<std::string, std::string> variables, const std::string& config = {}) {
  const test::TempDir home;
  std::filesystem::create_directory(home.path() / ".aws");
  std::ofstream(home.path() / ".aws" / "config") << config;
  variables.insert({"HOME", home.path().string()});
  const auto environment = fixed_environment(std::move(variables));
  return Endpoints::resolve(environment, Profile::load(environment));
}

constexpr const char* kConfig = R"(
# everybody's
[default]
region = eu-west-1
[profile game]
region=cn-north-1
services = local
endpoint_url = http://profile:1
[services local]
sqs =
  endpoint_url = http://service:2/
)";

}  // namespace

TEST(Endpoints, AreTheRegionsOwnByDefault) {
  const auto found = resolve({{"AWS_REGION", "eu-central-1"}, {"AWS_DEFAULT_REGION", "us-east-1"}});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->sqs(), "https://sqs.eu-central-1.amazonaws.com");
  EXPECT_EQ(found->sts(), "https://sts.eu-central-1.amazonaws.com");
  EXPECT_EQ(resolve({{"AWS_REGION", "us-gov-west-1"}, {"AWS_USE_FIPS_ENDPOINT", "true"}})->sqs(),
            "https://sqs-fips.us-gov-west-1.amazonaws.com");
}

TEST(Endpoints, TheRegionMayComeFromTheProfile) {
  EXPECT_EQ(resolve({}, kConfig)->region(), "eu-west-1");
  EXPECT_EQ(resolve({{"AWS_DEFAULT_REGION", "us-east-2"}}, kConfig)->region(), "us-east-2");
}

TEST(Endpoints, AServicesVariableGoesBeforeTheCommonOneAndBothBeforeTheProfile) {
  EXPECT_EQ(resolve({{"AWS_PROFILE", "game"}}, kConfig)->sqs(), "http://service:2");
  EXPECT_EQ(resolve({{"AWS_PROFILE", "game"}}, kConfig)->sns(), "http://profile:1");
  EXPECT_EQ(resolve({{"AWS_PROFILE", "game"}, {"AWS_ENDPOINT_URL", "http://all:3"}}, kConfig)->sqs(), "http://all:3");
  EXPECT_EQ(
      resolve({{"AWS_PROFILE", "game"}, {"AWS_ENDPOINT_URL", "http://all:3"}, {"AWS_ENDPOINT_URL_SQS", "http://sqs:4"}},
              kConfig)
          ->sqs(),
      "http://sqs:4");
}

TEST(Endpoints, OverridesCanBeSwitchedOff) {
  const auto found = resolve({{"AWS_PROFILE", "game"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}, kConfig);
  EXPECT_EQ(found->sqs(), "https://sqs.cn-north-1.amazonaws.com.cn");
}

TEST(Endpoints, WithoutARegionTheMessageSaysWhatToSet) {
  EXPECT_THAT(resolve({}).error().message, HasSubstr("AWS_REGION"));
  EXPECT_EQ(resolve({{"AWS_REGION", "x/../y"}}).error().code, core::Errc::invalid_argument);
  EXPECT_FALSE(resolve({{"AWS_REGION", "eu-west-1"}, {"AWS_ENDPOINT_URL", "ftp://x"}}).has_value());
}

TEST(ContainerUri, IsOneOfTheContainersOwnServiceBeforeAFullOne) {
  const auto uri = [](std::map<std::string, std::string> variables) {
    return container_uri(fixed_environment(std::move(variables)));
  };
  const std::pair<std::string, std::string> full{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x"};
  EXPECT_EQ(uri({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1"}, full}),
            "http://169.254.170.2/v2/credentials/1");
  EXPECT_EQ(uri({full}), "http://localhost/x");
  EXPECT_EQ(uri({}), "");
}

TEST(ContainerUri, IsAskedOnlyWhereTheTokenIsSafe) {
  for (const auto* uri : {"https://example.com/x", "http://127.0.0.1:80/x", "http://localhost/x",
                          "http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1", "http://[::1]:9/x"}) {
    EXPECT_TRUE(may_ask_container_uri(uri)) << uri;
  }
  for (const auto* uri : {"http://example.com/x", "http://127.evil.com/", "http://169.254.170.2.evil.com/",
                          "http://localhost@evil.com/", "file:///etc/passwd"}) {
    EXPECT_FALSE(may_ask_container_uri(uri)) << uri;
  }
}

}  // namespace liveops::adapters::aws
