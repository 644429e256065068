#include "adapters/bus_sqs/queue_admin.hpp"

#include <boost/json/parse.hpp>

#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_sqs_fixture.hpp"

namespace liveops::test {

namespace bus_sqs = adapters::bus_sqs;
using ports::Topic;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

bus_sqs::Options options_of(const std::string& prefix) {
  return {.groups = {{.topic = Topic::events, .group = "progression"},
                     {.topic = Topic::verdicts, .group = "leaderboard", .queue = prefix + "-named"}},
          .prefix = prefix};
}

std::unique_ptr<bus_sqs::QueueAdmin> admin_of(const bus_sqs::Options& options) {
  static const QueueClock clock(shared_sqs());
  static SilentLog log;
  auto opened =
      bus_sqs::QueueAdmin::open(options, adapters::aws::fixed_environment(shared_sqs().environment()), clock, log);
  EXPECT_TRUE(opened.has_value());
  return *std::move(opened);
}

}  // namespace

TEST(QueueAdmin, SaysWhatIsMissingThenMakesIt) {
  const auto admin = admin_of(options_of("made"));
  const auto before = *run(admin->describe());
  ASSERT_THAT(before, SizeIs(2));
  EXPECT_FALSE(before[0].queue.has_value());
  EXPECT_THAT(before[0].problems.at(0), HasSubstr("liveops queues create"));

  const auto made = *run(admin->create());
  ASSERT_THAT(made, SizeIs(2));
  EXPECT_EQ(made[0].name, "made-events-progression");
  EXPECT_EQ(made[1].name, "made-named");
  for (const auto& report : made) {
    EXPECT_THAT(report.problems, IsEmpty());
    ASSERT_TRUE(report.queue.has_value());
    EXPECT_EQ(report.queue->dead_letter_name, report.name + "-dead");
    EXPECT_EQ(report.queue->max_receive_count, 1000U);
    EXPECT_EQ(report.queue->visibility, std::chrono::seconds(30));
    EXPECT_THAT(report.queue->policy, HasSubstr("aws:SecureTransport"));
    EXPECT_NO_THROW(static_cast<void>(boost::json::parse(report.queue->policy)));
  }
}

TEST(QueueAdmin, BringsQueuesUpToTheOptionsAndReportsWhatOthersChanged) {
  auto options = options_of("changed");
  ASSERT_TRUE(run(admin_of(options)->create()).has_value());
  options.visibility = std::chrono::seconds(90);
  options.max_receive_count = 5;
  const auto changed = *run(admin_of(options)->create());
  EXPECT_EQ(changed[0].queue->visibility, std::chrono::seconds(90));
  EXPECT_THAT(changed[0].problems.at(0), HasSubstr("maxReceiveCount is 5"));
}

TEST(QueueAdmin, MakesFifoQueues) {
  auto options = options_of("ordered");
  options.fifo = true;
  options.groups.pop_back();
  const auto made = *run(admin_of(options)->create());
  EXPECT_EQ(made[0].name, "ordered-events-progression.fifo");
  EXPECT_EQ(made[0].queue->dead_letter_name, "ordered-events-progression-dead.fifo");
  EXPECT_THAT(made[0].problems, IsEmpty());
}

TEST(QueueAdmin, SubscribesTheQueuesToTheTopic) {
  auto options = options_of("by-topic");
  options.events_topic_arn = "arn:aws:sns:us-east-1:000000000000:by-topic";
  static_cast<void>(shared_sqs().admin("topic", R"({"arn":")" + options.events_topic_arn + R"(","queues":[]})"));
  ASSERT_TRUE(run(admin_of(options)->create()).has_value());
  const QueueClock clock(shared_sqs());
  SilentLog log;
  const auto bus =
      *bus_sqs::EventBus::open(options, adapters::aws::fixed_environment(shared_sqs().environment()), clock, log);
  publish(*bus, {envelope(1)});
  const auto reports = *run(admin_of(options)->describe());
  EXPECT_EQ(reports[0].queue->messages, 1U);
  EXPECT_EQ(reports[1].queue->messages, 0U);
  EXPECT_THAT(reports[0].queue->policy, HasSubstr(options.events_topic_arn));
}

TEST(QueueAdmin, NamesQueuesThatTheTopicDoesNotReach) {
  auto options = options_of("unreached");
  options.groups.push_back({.topic = Topic::events, .group = "leaderboard"});
  options.groups.push_back({.topic = Topic::events, .group = "gateway"});
  ASSERT_TRUE(run(admin_of(options)->create()).has_value());
  options.events_topic_arn = "arn:aws:sns:us-east-1:000000000000:unreached";
  EXPECT_THAT(run(admin_of(options)->describe())->at(0).problems.at(0), HasSubstr("there is no SNS topic"));
  // The stand-in's pages hold two subscriptions.
  static_cast<void>(shared_sqs().admin(
      "topic", R"({"arn":")" + options.events_topic_arn +
                   R"(","queues":["a","b","unreached-events-progression","unreached-events-leaderboard"],)"
                   R"("wrapped":["unreached-events-leaderboard"]})"));
  const auto reports = *run(admin_of(options)->describe());
  EXPECT_THAT(reports[0].problems, IsEmpty());
  EXPECT_THAT(reports[1].problems, IsEmpty()) << "verdicts do not go by the topic";
  EXPECT_THAT(reports[2].problems.at(0), HasSubstr("lacks RawMessageDelivery"));
  EXPECT_THAT(reports[3].problems.at(0), HasSubstr("is not subscribed"));
  const auto mended = *run(admin_of(options)->create());
  EXPECT_THAT(mended[2].problems, SizeIs(1)) << "that has to be made anew by hand";
  EXPECT_THAT(mended[3].problems, IsEmpty());
}

TEST(QueueAdmin, AQueueMayBeGivenByItsUrl) {
  auto options = options_of("by-url");
  const auto made = *run(admin_of(options)->create());
  options.groups[0].queue = made[0].queue->url;
  options.create_missing = false;
  const QueueClock clock(shared_sqs());
  SilentLog log;
  const auto bus =
      *bus_sqs::EventBus::open(options, adapters::aws::fixed_environment(shared_sqs().environment()), clock, log);
  publish(*bus, {envelope(1)});
  EXPECT_EQ(run(admin_of(options)->describe())->at(0).queue->messages, 1U);
}

}  // namespace liveops::test
