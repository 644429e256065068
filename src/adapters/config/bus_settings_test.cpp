#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "adapters/config/settings.hpp"

namespace liveops::adapters::config {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

const std::string kConnection = "Endpoint=sb://game.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=hush";

core::Result<Settings> made(Values values) {
  return make_settings(values, Mode::dev);
}

std::string error_of(const Values& values) {
  const auto settings = made(values);
  return settings ? "accepted" : settings.error().message;
}

Values on_sqs(Values more) {
  more["BUS_KIND"] = "sqs";
  return more;
}

Values on_servicebus(Values more) {
  more["BUS_KIND"] = "servicebus";
  more.try_emplace("SERVICEBUS_CONNECTION_STRING", kConnection);
  return more;
}

}  // namespace

TEST(BusSettings, ACloudChoosesTheBusAndMustNotContradictIt) {
  EXPECT_EQ(made({{"CLOUD", "aws"}})->bus_kind, BusKind::sqs);
  EXPECT_EQ(made({{"CLOUD", "azure"}, {"SERVICEBUS_CONNECTION_STRING", kConnection}})->bus_kind, BusKind::servicebus);
  EXPECT_EQ(made({{"CLOUD", "aws"}, {"BUS_KIND", "nats"}})->bus_kind, BusKind::nats);
  EXPECT_EQ(made({{"CLOUD", "local"}, {"BUS_KIND", "sqs"}})->bus_kind, BusKind::sqs);
  EXPECT_THAT(error_of(on_servicebus({{"CLOUD", "aws"}})),
              AllOf(StartsWith("BUS_KIND: 'servicebus' contradicts CLOUD=aws"), HasSubstr("leave one of the two out")));
  EXPECT_THAT(error_of(on_sqs({{"CLOUD", "azure"}})), StartsWith("BUS_KIND: 'sqs' contradicts CLOUD=azure"));
}

TEST(BusSettings, QueuesAreNamesOrUrls) {
  const auto settings =
      made(on_sqs({{"SQS_QUEUE_PROGRESSION", "game-progression"},
                   {"SQS_QUEUE_LEADERBOARD", "https://sqs.eu-central-1.amazonaws.com/123456789012/lb"},
                   {"SQS_MAX_MESSAGE_BYTES", "1048576"}}));
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->sqs_queue_progression, "game-progression");
  EXPECT_EQ(settings->sqs_queue_leaderboard, "https://sqs.eu-central-1.amazonaws.com/123456789012/lb");
  EXPECT_EQ(settings->sqs_max_message_bytes, 1'048'576U);
  EXPECT_THAT(error_of({{"SQS_QUEUE_GATEWAY", "a queue"}}), StartsWith("SQS_QUEUE_GATEWAY: must be a name"));
  EXPECT_THAT(error_of({{"SQS_PREFIX", "a.b"}}), StartsWith("SQS_PREFIX: "));
  EXPECT_THAT(error_of({{"SQS_MAX_MESSAGE_BYTES", "2000000"}}), HasSubstr("8192 to 1048576"));
  EXPECT_THAT(error_of({{"SQS_FIFO", "perhaps"}}), HasSubstr("true or false"));
}

TEST(BusSettings, TwoGroupsDoNotShareAQueue) {
  EXPECT_THAT(error_of(on_sqs({{"SQS_QUEUE_PROGRESSION", "q"}, {"SQS_QUEUE_LEADERBOARD", "q"}})),
              StartsWith("SQS_QUEUE_LEADERBOARD: is the same as SQS_QUEUE_PROGRESSION"));
  EXPECT_THAT(error_of(on_servicebus({{"SERVICEBUS_TOPIC_VERDICTS", "liveops-events"}})),
              StartsWith("SERVICEBUS_TOPIC_VERDICTS: is the same as SERVICEBUS_TOPIC_EVENTS"));
  EXPECT_EQ(error_of({{"SQS_QUEUE_PROGRESSION", "q"}, {"SQS_QUEUE_LEADERBOARD", "q"}}), "accepted") << "another bus";
}

TEST(BusSettings, FifoGoesForAllQueuesOrNone) {
  EXPECT_EQ(error_of(on_sqs({{"SQS_FIFO", "true"}, {"SQS_QUEUE_PROGRESSION", "q.fifo"}})), "accepted");
  EXPECT_THAT(error_of(on_sqs({{"SQS_FIFO", "true"}, {"SQS_QUEUE_PROGRESSION", "q"}})), HasSubstr("must end in .fifo"));
  EXPECT_THAT(error_of(on_sqs({{"SQS_QUEUE_PROGRESSION", "q.fifo"}})), HasSubstr("set SQS_FIFO=true"));
}

TEST(BusSettings, ASnsTopicIsAnArnThatFitsTheQueues) {
  const std::string arn = "arn:aws:sns:eu-central-1:123456789012:events";
  EXPECT_EQ(made(on_sqs({{"SNS_TOPIC_ARN", arn}}))->sns_topic_arn, arn);
  for (const char* bad :
       {"events", "arn:aws:sqs:eu-central-1:1:events", "arn:aws:sns:eu-central-1:1:", "arn:aws:sns:x"}) {
    EXPECT_THAT(error_of({{"SNS_TOPIC_ARN", bad}}), HasSubstr("arn:aws:sns:REGION:ACCOUNT:NAME")) << bad;
  }
  EXPECT_THAT(error_of(on_sqs({{"SNS_TOPIC_ARN", arn}, {"SQS_FIFO", "true"}})),
              StartsWith("SNS_TOPIC_ARN: must be a FIFO"));
  EXPECT_THAT(error_of(on_sqs({{"SNS_TOPIC_ARN", arn + ".fifo"}})), HasSubstr("set SQS_FIFO=true"));
  EXPECT_THAT(error_of(on_sqs({{"SNS_TOPIC_ARN", arn}, {"SQS_MAX_MESSAGE_BYTES", "1000000"}})),
              StartsWith("SQS_MAX_MESSAGE_BYTES: must not be above 262144 with SNS_TOPIC_ARN"));
  EXPECT_THAT(error_of(on_sqs({{"SNS_TOPIC_ARN", arn}, {"SQS_CREATE_QUEUES", "true"}})),
              AllOf(StartsWith("SQS_CREATE_QUEUES: "), HasSubstr("liveops queues create")));
}

TEST(BusSettings, ServiceBusNeedsAConnectionStringWhichIsNeverShown) {
  EXPECT_THAT(error_of({{"BUS_KIND", "servicebus"}}), StartsWith("SERVICEBUS_CONNECTION_STRING: is required"));
  EXPECT_EQ(made(on_servicebus({}))->servicebus_connection_string, kConnection);
  EXPECT_THAT(error_of({{"SERVICEBUS_CONNECTION_STRING", "SharedAccessKey=hush"}}),
              AllOf(StartsWith("SERVICEBUS_CONNECTION_STRING: must be as Azure shows it"), Not(HasSubstr("hush"))));
  EXPECT_EQ(made(on_servicebus({{"SERVICEBUS_LOGIN", "plain"}}))->servicebus_login, ServiceBusLogin::plain);
  EXPECT_THAT(error_of({{"SERVICEBUS_LOGIN", "sasl"}}), HasSubstr("cbs, plain"));
  EXPECT_THAT(error_of({{"SERVICEBUS_MAX_BODY_BYTES", "100"}}), StartsWith("SERVICEBUS_MAX_BODY_BYTES: must be"));
}

TEST(BusSettings, GroupsHaveQueuesAllOrNone) {
  Values values = on_servicebus({{"SERVICEBUS_QUEUE_PROGRESSION", "p"}});
  EXPECT_THAT(error_of(values),
              StartsWith("SERVICEBUS_QUEUE_LEADERBOARD: is required as SERVICEBUS_QUEUE_PROGRESSION is set"));
  values["SERVICEBUS_QUEUE_LEADERBOARD"] = "l";
  EXPECT_THAT(error_of(values), StartsWith("SERVICEBUS_QUEUE_FAIRNESS: is required"));
  values["SERVICEBUS_QUEUE_FAIRNESS"] = "f";
  EXPECT_THAT(error_of(values), StartsWith("SERVICEBUS_QUEUE_GATEWAY: is required"));
  values["REDIS_URL"] = "redis://h";
  EXPECT_EQ(error_of(values), "accepted");
  EXPECT_THAT(error_of(on_servicebus({{"SERVICEBUS_QUEUE_GATEWAY", "g"}})),
              StartsWith("SERVICEBUS_QUEUE_PROGRESSION: is required as SERVICEBUS_QUEUE_GATEWAY is set"));
  Values verdicts = on_servicebus({{"SERVICEBUS_QUEUE_VERDICTS_LEADERBOARD", "v"}});
  EXPECT_THAT(error_of(verdicts), StartsWith("SERVICEBUS_QUEUE_VERDICTS_PROGRESSION: is required"));
  verdicts["SERVICEBUS_QUEUE_VERDICTS_PROGRESSION"] = "w";
  EXPECT_EQ(error_of(verdicts), "accepted");
}

TEST(BusSettings, VariablesOfAwsAreKeptFromTheFile) {
  EXPECT_THAT(made({{"AWS_REGION", "eu-central-1"}, {"AWSOME", "1"}, {"OTHER", "1"}})->aws,
              UnorderedElementsAre(Pair("AWS_REGION", "eu-central-1")));
  EXPECT_THAT(made({})->aws, IsEmpty());
  EXPECT_THAT(env_example(), HasSubstr("#AWS_REGION="));
}

}  // namespace liveops::adapters::config
