#include <gmock/gmock.h>

#include <fstream>

#include "adapters/bus_sqs/sqs_api.hpp"
#include "tests/contract/bus/bus_sqs_fixture.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {

namespace aws = adapters::aws;
using adapters::bus_sqs::SqsApi;
using core::Errc;
using testing::HasSubstr;

namespace {

/// A client whose only credentials are those that `variables` lead to.
class AwsProcess {
 public:
  explicit AwsProcess(std::map<std::string, std::string> variables, SqsStandIn& server = shared_sqs())
      : server_(server), clock_(server) {
    variables.insert({"AWS_REGION", "us-east-1"});
    variables.insert({"AWS_ENDPOINT_URL", server.url()});
    variables.insert({"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url() + "/"});
    variables.insert({"HOME", home_.path().string()});
    client_ = *aws::Client::open(aws::fixed_environment(std::move(variables)), clock_, log_);
  }
  ~AwsProcess() { identity(R"({"ttlSeconds":3600,"fail":false})"); }
  AwsProcess(const AwsProcess&) = delete;
  AwsProcess& operator=(const AwsProcess&) = delete;

  /// A signed call that the stand-in answers only when it knows the keys.
  core::Status call() {
    SqsApi api(*client_);
    auto answer = run(api.ask("ListQueues", {}, {}));
    if (!answer) return std::unexpected(answer.error());
    return {};
  }
  void identity(const std::string& json) { static_cast<void>(server_.admin("identity", json)); }
  void keys(const std::string& json) { static_cast<void>(server_.admin("keys", json)); }

 private:
  SqsStandIn& server_;
  TempDir home_;
  QueueClock clock_;
  SilentLog log_;
  std::unique_ptr<aws::Client> client_;
};

std::string file_in(const TempDir& directory, const std::string& name, const std::string& text) {
  const auto path = directory.path() / name;
  std::ofstream(path) << text;
  return path.string();
}

std::map<std::string, std::string> container(SqsStandIn& server, const std::string& token_file) {
  return {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/container/credentials"},
          {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token_file}};
}

constexpr const char* kContainerToken = "Bearer container-token\n";
constexpr const char* kGoodKey = R"({"AKIDEXAMPLE":{"secret":"example-secret"}})";

}  // namespace

TEST(AwsCredentials, ComeFromTheEnvironment) {
  AwsProcess account({{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "example-secret"}});
  EXPECT_TRUE(account.call().has_value());
}

TEST(AwsCredentials, AWrongSecretIsRefusedWithoutRetries) {
  AwsProcess account({{"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "wrong"}});
  const auto refused = account.call();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::unauthenticated);
  EXPECT_THAT(refused.error().message, HasSubstr("SignatureDoesNotMatch"));
}

TEST(AwsCredentials, ComeFromTheNamedProfile) {
  const TempDir directory;
  const auto file = file_in(directory, "credentials",
                            "[default]\naws_access_key_id = NOBODY\naws_secret_access_key = x\n"
                            "[game]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = example-secret\n");
  AwsProcess account({{"AWS_SHARED_CREDENTIALS_FILE", file}, {"AWS_PROFILE", "game"}});
  EXPECT_TRUE(account.call().has_value());
  AwsProcess other({{"AWS_SHARED_CREDENTIALS_FILE", file}});
  EXPECT_EQ(other.call().error().code, Errc::unauthenticated);
}

TEST(AwsCredentials, ComeFromAWebIdentity) {
  const TempDir directory;
  AwsProcess account({{"AWS_WEB_IDENTITY_TOKEN_FILE", file_in(directory, "token", "web-identity-token\n")},
                      {"AWS_ROLE_ARN", "arn:aws:iam::000000000000:role/game"}});
  EXPECT_TRUE(account.call().has_value());
  AwsProcess stranger({{"AWS_WEB_IDENTITY_TOKEN_FILE", file_in(directory, "other", "forged")},
                       {"AWS_ROLE_ARN", "arn:aws:iam::000000000000:role/game"}});
  EXPECT_THAT(stranger.call().error().message, HasSubstr("InvalidIdentityToken"));
}

TEST(AwsCredentials, ComeFromTheContainerWithTheTokenOfItsFile) {
  const TempDir directory;
  auto& server = shared_sqs();
  AwsProcess account(container(server, file_in(directory, "token", kContainerToken)));
  EXPECT_TRUE(account.call().has_value());
}

TEST(AwsCredentials, TheContainersTokenGoesToNoOtherMachine) {
  AwsProcess account({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://credentials.example.com/"},
                      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "secret"}});
  EXPECT_THAT(account.call().error().message, HasSubstr("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
}

TEST(AwsCredentials, ComeFromTheInstancesMetadata) {
  AwsProcess account({});
  EXPECT_TRUE(account.call().has_value());
}

TEST(AwsCredentials, WithoutAnyTheMessageNamesThePlacesThatWereAsked) {
  AwsProcess account({{"AWS_EC2_METADATA_DISABLED", "true"}});
  const auto none = account.call();
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, Errc::unauthenticated);
  EXPECT_THAT(none.error().message, HasSubstr("AWS_ACCESS_KEY_ID"));
}

TEST(AwsCredentials, AreFetchedAnewWhenTheServiceTakesTheOldOnesNoMore) {
  AwsProcess account({});
  ASSERT_TRUE(account.call().has_value());
  account.keys(kGoodKey);  // the session's keys are gone
  EXPECT_TRUE(account.call().has_value());
}

TEST(AwsCredentials, AreFetchedAnewBeforeTheyEnd) {
  AwsProcess account({});
  account.identity(R"({"ttlSeconds":1200})");
  ASSERT_TRUE(account.call().has_value());
  shared_sqs().advance(std::chrono::minutes(6));  // less than 15 minutes are left
  account.identity(R"({"ttlSeconds":7200})");
  EXPECT_TRUE(account.call().has_value());
  shared_sqs().advance(std::chrono::minutes(15));  // the first ones have ended
  account.identity(R"({"fail":true})");
  EXPECT_TRUE(account.call().has_value());
}

TEST(AwsCredentials, OldOnesServeOnWhileThereAreNoNewOnes) {
  AwsProcess account({});
  account.identity(R"({"ttlSeconds":600})");
  ASSERT_TRUE(account.call().has_value());
  account.identity(R"({"fail":true})");
  shared_sqs().advance(std::chrono::minutes(6));
  EXPECT_TRUE(account.call().has_value());
  shared_sqs().advance(std::chrono::minutes(5));
  EXPECT_FALSE(account.call().has_value());
}

TEST(AwsClient, AWrongClockIsPutRight) {
  class LateClock final : public core::Clock {
   public:
    [[nodiscard]] core::Timestamp now() const override {
      return system_.now() + shared_sqs().ahead() - std::chrono::hours(3);
    }

   private:
    core::SystemClock system_;
  };
  const LateClock clock;
  SilentLog log;
  const auto client = *aws::Client::open(aws::fixed_environment(shared_sqs().environment()), clock, log);
  SqsApi api(*client);
  EXPECT_TRUE(run(api.ask("ListQueues", {}, {})).has_value());
}

}  // namespace liveops::test
