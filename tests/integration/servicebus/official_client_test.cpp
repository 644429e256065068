// Events of our adapter in the hands of Azure's own client, and the other way round.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "adapters/bus_servicebus/event_bus.hpp"
#include "core/event.hpp"
#include "tests/support/recording_metrics.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/servers/servicebus_standin.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

namespace bus_servicebus = adapters::bus_servicebus;
namespace json = boost::json;
using ports::Topic;
using std::chrono::milliseconds;
using testing::Each;

namespace {

class OfficialClient : public testing::Test {
 protected:
  OfficialClient() {
    auto opened = bus_servicebus::EventBus::open(
        {.connection_string = standin_.connection_string(), .events_topic = "events", .verdicts_topic = "verdicts"},
        clock_, log_);
    if (!opened) throw std::runtime_error(opened.error().message);
    bus_ = *std::move(opened);
  }

  /// Runs exchange.mjs; gives the lines it printed.
  std::vector<std::string> client(std::vector<std::string> arguments) {
    const auto out = directory_.path() / ("out" + std::to_string(++runs_));
    std::vector<std::string> command{"node", std::string(LIVEOPS_SERVICEBUS_STANDIN) + "/src/exchange.mjs"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    run_program({.command = std::move(command), .log = out, .package = "nodejs"});
    std::vector<std::string> lines;
    std::ifstream file(out);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  ServiceBusStandin standin_{{.topics = {{"events", {"ours", "theirs"}}, {"verdicts", {"ours"}}}}};
  TempDir directory_;
  core::SystemClock clock_;
  SilentLog log_;
  std::unique_ptr<bus_servicebus::EventBus> bus_;
  int runs_ = 0;
};

core::Event event(std::uint32_t n) {
  const auto now = std::chrono::floor<milliseconds>(core::SystemClock().now());
  core::Event made;
  made.key_id = core::KeyId::trusted("game");
  made.id = core::EventId::derive(made.key_id, "key-" + std::to_string(n));
  made.player_id = core::PlayerId::trusted("p-" + std::to_string(n));
  made.occurred_at = now;
  made.received_at = now;
  made.payload = core::Progression{.xp = 100 + n, .score = std::nullopt};
  made.payload_json = "{\"xp\":" + std::to_string(100 + n) + "}";
  return made;
}

}  // namespace

TEST_F(OfficialClient, DecodesWhatOurAdapterPublished) {
  std::vector<core::Envelope> envelopes;
  std::map<std::string, core::Envelope> sent;
  for (std::uint32_t n = 1; n <= 50; ++n) {
    envelopes.push_back(core::encode_event(event(n)));
    sent[envelopes.back().id.str()] = envelopes.back();
  }
  const auto outcomes = run(bus_->publish(Topic::events, envelopes));
  ASSERT_TRUE(outcomes.has_value());
  ASSERT_THAT(*outcomes, Each(ports::PublishOutcome::stored));

  const auto lines = client({"receive", standin_.connection_string(), "events", "theirs", "50"});
  ASSERT_EQ(lines.size(), 50U);
  for (const auto& line : lines) {
    const auto message = json::parse(line);
    const auto& envelope = sent.at(std::string(message.at("messageId").as_string()));
    EXPECT_EQ(message.at("body"), json::parse(envelope.body));
    EXPECT_EQ(message.at("subject").as_string(), envelope.type);
    EXPECT_EQ(message.at("contentType").as_string(), "application/json");
    EXPECT_EQ(message.at("applicationProperties").at("key").as_string(), envelope.key);
  }
}

TEST_F(OfficialClient, SendsWhatOurAdapterReceivesAndDecodes) {
  const auto file = directory_.path() / "messages";
  {
    std::ofstream out(file);
    for (std::uint32_t n = 1; n <= 50; ++n) {
      const auto envelope = core::encode_event(event(n));
      out << json::serialize(json::object{{"messageId", envelope.id.str()},
                                          {"subject", envelope.type},
                                          {"body", json::parse(envelope.body)},
                                          {"contentType", "application/json"},
                                          {"applicationProperties", {{"key", envelope.key}}}})
          << "\n";
    }
  }
  client({"send", standin_.connection_string(), "events", file.string()});

  const auto consumer = run(bus_->open_consumer(Topic::events, "ours"));
  ASSERT_TRUE(consumer.has_value());
  std::map<core::EventId, core::Event> received;
  while (received.size() < 50) {
    const auto batch = run((*consumer)->receive(100, milliseconds(5000)));
    ASSERT_TRUE(batch.has_value() && !batch->empty());
    for (const auto& delivery : *batch) {
      const auto decoded = core::decode_event(delivery.envelope);
      ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
      received.emplace(decoded->id, *decoded);
      EXPECT_TRUE(run((*consumer)->ack({delivery.tag})).has_value());
    }
  }
  for (std::uint32_t n = 1; n <= 50; ++n) EXPECT_TRUE(received.contains(event(n).id)) << n;
}

TEST_F(OfficialClient, MessagesThatAreNoEventsEndAmongTheDeadLettersAndTheirOwnGetThrough) {
  const auto file = directory_.path() / "messages";
  std::ofstream(file) << R"({"messageId": "hello", "body": "hello"})" << "\n";
  client({"send", standin_.connection_string(), "events", file.string()});
  const auto consumer = run(bus_->open_consumer(Topic::events, "ours"));
  ASSERT_TRUE(consumer.has_value());
  EXPECT_TRUE(run((*consumer)->receive(10, milliseconds(500)))->empty());
  std::vector<ports::DeadLetter> letters;
  EXPECT_TRUE(wait_until([&] {
    letters = *run(bus_->list(10, ""));
    return !letters.empty();
  }));
  EXPECT_EQ(letters.at(0).reason, "not a message of this program");
  EXPECT_EQ(client({"receive", standin_.connection_string(), "events", "theirs", "1"}).size(), 1U);
}

}  // namespace liveops::test
