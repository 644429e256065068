// What a key may do, as `liveops queues describe` and the start of every service see it.
#include "adapters/bus_servicebus/entity_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recording_metrics.hpp"
#include "tests/support/servers/servicebus_standin.hpp"

namespace liveops::test {

namespace bus_servicebus = adapters::bus_servicebus;
using bus_servicebus::EntityReport;
using core::Errc;
using ports::Topic;
using testing::Each;
using testing::ElementsAre;

namespace {

bus_servicebus::Options options_of(const ServiceBusStandin& standin) {
  bus_servicebus::Options options;
  options.connection_string = standin.connection_string();
  options.events_topic = "checked-events";
  options.verdicts_topic = "checked-verdicts";
  options.groups = {{.topic = Topic::events, .group = "progression", .queue = {}},
                    {.topic = Topic::verdicts, .group = "leaderboard", .queue = "checked-queue"}};
  return options;
}

core::Result<std::vector<EntityReport>> check(const bus_servicebus::Options& options) {
  static const core::SystemClock clock;
  static SilentLog log;
  return bus_servicebus::check_entities(options, clock, log);
}

/// "entity right: ok", or the error's code in the place of ok.
std::string line(const EntityReport& report) {
  return report.entity + " " + std::string(to_string(report.right)) + ": " +
         (report.allowed ? "ok" : std::string(core::to_string(report.allowed.error().code)));
}

std::vector<std::string> lines(const bus_servicebus::Options& options) {
  const auto reports = check(options);
  if (!reports) return {reports.error().message};
  std::vector<std::string> all;
  for (const auto& report : *reports) all.push_back(line(report));
  return all;
}

}  // namespace

TEST(EntityCheck, NamesWhatIsNotThereAndTakesNothingOfWhatIs) {
  ServiceBusStandin standin({.topics = {{"checked-events", {"another"}}}});
  const auto options = options_of(standin);
  EXPECT_THAT(lines(options), ElementsAre("checked-events send: ok", "checked-queue send: not_found",
                                          "checked-events/Subscriptions/progression listen: not_found",
                                          "checked-queue listen: not_found"));
  standin.make_topic("checked-events", {"progression"});
  standin.admin("PUT", "/queues", R"({"name":"checked-queue"})");
  EXPECT_THAT(lines(options),
              ElementsAre("checked-events send: ok", "checked-queue send: ok",
                          "checked-events/Subscriptions/progression listen: ok", "checked-queue listen: ok"));
  EXPECT_EQ(standin.counted("transfers"), 0);
}

TEST(EntityCheck, SaysOfEveryEntityThatAWrongKeyIsRefused) {
  const ServiceBusStandin standin({.topics = {{"checked-events", {"progression"}}}, .queues = {"checked-queue"}});
  auto options = options_of(standin);
  options.connection_string = standin.connection_string("another key");
  const auto reports = check(options);
  ASSERT_TRUE(reports.has_value());
  ASSERT_EQ(reports->size(), 4U);
  for (const auto& report : *reports) {
    ASSERT_FALSE(report.allowed.has_value()) << report.entity;
    EXPECT_EQ(report.allowed.error().code, Errc::unauthenticated) << report.entity;
  }
}

TEST(EntityCheck, WorksWithTheKeyAsPassword) {
  const ServiceBusStandin standin({.topics = {{"checked-events", {"progression"}}}, .queues = {"checked-queue"}});
  auto options = options_of(standin);
  options.login = bus_servicebus::Login::plain;
  EXPECT_THAT(lines(options), Each(testing::EndsWith(": ok")));
}

TEST(EntityCheck, SaysThatTheServiceIsAway) {
  ServiceBusStandin standin;
  auto options = options_of(standin);
  options.request_timeout = std::chrono::milliseconds(500);
  standin.kill();
  const auto reports = check(options);
  ASSERT_FALSE(reports.has_value());
  EXPECT_EQ(reports.error().code, Errc::unavailable);
}

}  // namespace liveops::test
