#include "adapters/config/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "adapters/config/env_file.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::adapters::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

const std::string kSecret = "0123456789abcdef0123456789abcdef";

std::string error_of(Values values, Mode mode = Mode::production) {
  values.try_emplace("HMAC_SECRET", kSecret);
  const auto settings = make_settings(values, mode);
  return settings ? "accepted" : settings.error().message;
}

Settings with(Values values, Mode mode = Mode::production) {
  values.try_emplace("HMAC_SECRET", kSecret);
  return make_settings(values, mode).value();
}

TEST(Settings, NeedNothingInDevModeAndASecretOtherwise) {
  const auto dev = make_settings({}, Mode::dev);
  ASSERT_TRUE(dev);
  EXPECT_EQ(dev->gateway_listen, (HostPort{"127.0.0.1", 8080}));
  EXPECT_FALSE(dev->require_timestamp);
  EXPECT_EQ(dev->sqlite_dir(), "./data");
  EXPECT_GE(dev->io_threads, 1);
  EXPECT_THAT(make_settings({}, Mode::production).error().message, StartsWith("HMAC_SECRET: is required"));
  EXPECT_EQ(with({}).progression_listen, (HostPort{"0.0.0.0", 8083}));
  EXPECT_TRUE(with({}).require_timestamp);
}

TEST(Settings, PickTheBusFromTheCloud) {
  EXPECT_EQ(with({}).bus_kind, BusKind::local);
  EXPECT_EQ(with({{"CLOUD", "aws"}}).bus_kind, BusKind::sqs);
  EXPECT_EQ(with({{"CLOUD", "azure"}, {"SERVICEBUS_CONNECTION_STRING", "Endpoint=sb://h/;SharedAccessKey=k"}}).bus_kind,
            BusKind::servicebus);
  EXPECT_EQ(with({{"CLOUD", "aws"}, {"BUS_KIND", "nats"}}).bus_kind, BusKind::nats);
}

TEST(Settings, PutTheDatabaseIntoTheDataDirectoryUnlessTold) {
  EXPECT_EQ(with({{"DATA_DIR", "/var/lib/x"}}).sqlite_dir(), "/var/lib/x");
  const auto postgres = with({{"DB_URL", "postgresql://u@h/d"}});
  EXPECT_EQ(postgres.database_kind(), DatabaseKind::postgresql);
  EXPECT_EQ(postgres.sqlite_dir(), "");
}

TEST(Settings, ReadListsAddressesAndUnits) {
  const auto settings = with({{"FAIRNESS_URL", "http://a:1,http://b:2"},
                              {"GATEWAY_LISTEN", "[::1]:0"},
                              {"IDLE_TIMEOUT_MS", "250"},
                              {"RATE_LIMIT_PER_SECOND", "0.5"},
                              {"PUBLIC_LEADERBOARD", "no"},
                              {"API_TOKEN", ""}});
  EXPECT_THAT(settings.fairness_urls, ElementsAre("http://a:1", "http://b:2"));
  EXPECT_EQ(settings.gateway_listen, (HostPort{"::1", 0}));
  EXPECT_EQ(settings.idle_timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(settings.rate_limit_per_second, 0.5);
  EXPECT_FALSE(settings.public_leaderboard);
}

TEST(Settings, NameTheVariableAndWhatToDo) {
  EXPECT_EQ(error_of({{"MAX_CONNECTIONS", "lots"}}),
            "MAX_CONNECTIONS: must be an integer from 1 to 1000000, not 'lots'");
  EXPECT_THAT(error_of({{"MAX_CONNECTIONS", "0"}}), StartsWith("MAX_CONNECTIONS: "));
  EXPECT_THAT(error_of({{"RATE_LIMIT_PER_SECOND", "nan"}}), StartsWith("RATE_LIMIT_PER_SECOND: must be a number"));
  EXPECT_THAT(error_of({{"REQUIRE_TIMESTAMP", "maybe"}}), HasSubstr("true or false, not 'maybe'"));
  EXPECT_THAT(error_of({{"BUS_KIND", "kafka"}}), HasSubstr("inmem, local, redis, nats, sqs, servicebus"));
  EXPECT_THAT(error_of({{"CLOUD", "gcp"}}), HasSubstr("local, aws, azure"));
  EXPECT_THAT(error_of({{"LOG_LEVEL", "loud"}}), HasSubstr("trace, debug, info, warn, error"));
  EXPECT_THAT(error_of({{"FAIRNESS_FAIL", "ajar"}}), HasSubstr("open, closed"));
  EXPECT_THAT(error_of({{"FAIRNESS_URL", "tcp://a"}}), HasSubstr("http://host:port"));
  EXPECT_THAT(error_of({{"REDIS_URL", "localhost"}}), HasSubstr("redis://"));
  EXPECT_THAT(error_of({{"INSTANCE", "a b"}}), HasSubstr("letters, digits"));
  EXPECT_THAT(error_of({{"NATS_REPLICAS", "2"}}), HasSubstr("1, 3 or 5"));
  EXPECT_THAT(error_of({{"RECEIPT_PRIVATE_KEY", "/nowhere/key.pem"}}), HasSubstr("path of a file"));
  for (const char* bad : {"8080", "host:", ":8080", "host:65536", "::1:80", "host:80x"}) {
    EXPECT_THAT(error_of({{"GATEWAY_LISTEN", bad}}), HasSubstr("host:port")) << bad;
  }
}

TEST(Settings, NeverShowASecret) {
  const std::string secret = "s3cret";
  for (const char* name : {"HMAC_SECRET", "HMAC_KEYS", "API_TOKEN", "ADMIN_TOKEN", "DB_URL", "REDIS_URL",
                           "REDIS_BUS_URL", "SERVICEBUS_CONNECTION_STRING", "RECEIPT_PRIVATE_KEY"}) {
    EXPECT_THAT(error_of({{name, secret}}), AllOf(StartsWith(name), Not(HasSubstr(secret)))) << name;
  }
}

TEST(Settings, RefuseCombinationsThatCannotWork) {
  EXPECT_THAT(error_of({{"TLS_CERT", "c"}}), StartsWith("TLS_KEY: is required"));
  EXPECT_THAT(error_of({{"TLS_KEY", "k"}}), StartsWith("TLS_CERT: is required"));
  EXPECT_THAT(error_of({{"GATEWAY_LISTEN", "0.0.0.0:8081"}}), HasSubstr("same address as GATEWAY_LISTEN"));
  EXPECT_THAT(error_of({{"MAX_UNPACKED_BYTES", "2048"}}), StartsWith("MAX_UNPACKED_BYTES"));
  EXPECT_THAT(error_of({{"MAX_BATCH_BYTES", "2048"}}), StartsWith("MAX_BATCH_BYTES"));
  EXPECT_THAT(error_of({{"API_TOKEN", kSecret}, {"ADMIN_TOKEN", kSecret}}), StartsWith("ADMIN_TOKEN: must differ"));
  EXPECT_THAT(error_of({{"BUS_KIND", "redis"}}), StartsWith("REDIS_URL: is required"));
  EXPECT_EQ(error_of({{"BUS_KIND", "redis"}, {"REDIS_BUS_URL", "redis://h"}}), "accepted");
}

TEST(Settings, LetSeparateProcessesMeetOnlyOnServersThatTheyShare) {
  EXPECT_THAT(check_separate_processes(with({})).error().message, HasSubstr("'local' works only inside one process"));
  EXPECT_FALSE(check_separate_processes(with({{"BUS_KIND", "inmem"}})));
  Values values{{"BUS_KIND", "nats"}};
  EXPECT_THAT(check_separate_processes(with(values)).error().message, StartsWith("DB_URL: "));
  values["DB_URL"] = "postgresql://u@h/d";
  EXPECT_THAT(check_separate_processes(with(values)).error().message, StartsWith("REDIS_URL: "));
  values["REDIS_URL"] = "redis://h:6379";
  EXPECT_TRUE(check_separate_processes(with(values)));
}

TEST(Settings, ReadAPrivateKeyFromTextOrFile) {
  const test::TempDir directory;
  const auto path = directory.path() / "key.pem";
  std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n";
  EXPECT_THAT(with({{"RECEIPT_PRIVATE_KEY", path.string()}}).receipt_private_key, HasSubstr("\nabc\n"));
  EXPECT_THAT(with({{"RECEIPT_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----"}})
                  .receipt_private_key,
              HasSubstr("\nabc\n"));
}

TEST(SettingTable, ShowsTheDefaultsThatHold) {
  std::set<std::string_view> names;
  for (const auto& setting : setting_table()) {
    EXPECT_TRUE(names.insert(setting.env).second) << setting.env;
    EXPECT_TRUE(names.insert(setting.flag).second) << setting.flag;
    EXPECT_FALSE(setting.help.empty()) << setting.env;
    if (setting.default_text.empty() || setting.default_text.starts_with('(')) continue;
    Settings changed;
    ASSERT_TRUE(setting.set(changed, setting.default_text)) << setting.env;
    EXPECT_EQ(changed, Settings()) << setting.env;
  }
}

TEST(SettingTable, MakesTheShippedExample) {
  std::ifstream file(LIVEOPS_SOURCE_DIR "/.env.example");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), env_example());
  EXPECT_THAT(settings_markdown(), HasSubstr("| `MAX_IN_FLIGHT` | `--max-in-flight` | `2000` |"));
}

TEST(EnvFile, ReadsAssignmentsQuotesAndComments) {
  const auto values = parse_env(
      "# a comment\n"
      "\n"
      "A=plain value # comment\r\n"
      "export B = 'sin#gle $x \\n'\n"
      "C=\"two\\nlines \\\"q\\\" \\x\" # comment\n"
      "D=\"a\nb\"\n"
      "E=\n"
      "F=a#b",
      ".env");
  ASSERT_TRUE(values) << values.error().message;
  EXPECT_THAT(*values,
              ElementsAre(Pair("A", "plain value"), Pair("B", "sin#gle $x \\n"), Pair("C", "two\nlines \"q\" \\x"),
                          Pair("D", "a\nb"), Pair("E", ""), Pair("F", "a#b")));
}

TEST(EnvFile, NamesTheLineOfAFault) {
  EXPECT_EQ(parse_env("A=1\nnonsense\n", ".env").error().message, ".env:2: expected NAME=VALUE");
  EXPECT_EQ(parse_env("A=1\nB=\"open\n\n", ".env").error().message, ".env:2: a quote is not closed");
  EXPECT_EQ(parse_env("A='x' y\n", ".env").error().message, ".env:1: text after the closing quote");
}

TEST(EnvFile, YieldsToTheEnvironmentAndMayBeMissing) {
  const test::TempDir directory;
  const auto path = directory.path() / ".env";
  std::ofstream(path) << "RECEIPT_ISSUER=file\nMAX_BATCH_EVENTS=7\nOTHER=1\n";
  ASSERT_EQ(setenv("RECEIPT_ISSUER", "environment", 1), 0);
  const auto values = read_environment(path);
  ASSERT_EQ(unsetenv("RECEIPT_ISSUER"), 0);
  ASSERT_TRUE(values);
  EXPECT_EQ(values->at("RECEIPT_ISSUER"), "environment");
  EXPECT_EQ(values->at("MAX_BATCH_EVENTS"), "7");
  EXPECT_TRUE(read_environment(directory.path() / "none"));
  EXPECT_EQ(read_environment(directory.path()).error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace liveops::adapters::config
