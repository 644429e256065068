#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>

#include "tests/contract/bus/bus_calls.hpp"
#include "tests/contract/bus/bus_sqs_fixture.hpp"

namespace liveops::test {

namespace json = boost::json;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

namespace {

/// Runs the official client and gives the lines that it printed.
std::vector<json::object> official_client(SqsBus& test, const std::string& arguments, const std::string& input = {}) {
  const TempDir directory;
  std::ofstream(directory.path() / "input") << input;
  std::string command = "exec env";
  for (const auto& [name, value] : test.server().environment())
    command.append(" ").append(name).append("=").append(value);
  command += " node " LIVEOPS_SQS_STANDIN_DIR "/client.mjs " + test.server().url() + " " + arguments + " < " +
             (directory.path() / "input").string() + " > " + (directory.path() / "output").string();
  run_program({.command = {"sh", "-c", command}, .log = directory.path() / "log", .package = "nodejs"});
  std::vector<json::object> lines;
  std::ifstream output(directory.path() / "output");
  for (std::string line; std::getline(output, line);) lines.push_back(json::parse(line).as_object());
  return lines;
}

core::Envelope envelope_of(const json::object& message) {
  const auto& attributes = message.at("attributes").as_object();
  const auto text = [&](const char* name) {
    return attributes.contains(name) ? std::string(attributes.at(name).as_string()) : std::string();
  };
  return {.id = *core::EventId::parse(text("id")),
          .type = text("type"),
          .key = text("key"),
          .body = std::string(message.at("body").as_string()),
          .traceparent = text("traceparent")};
}

std::string line_of(const core::Envelope& envelope) {
  json::object attributes{{"id", envelope.id.str()}, {"type", envelope.type}, {"key", envelope.key}};
  if (!envelope.traceparent.empty()) attributes["traceparent"] = envelope.traceparent;
  return json::serialize(json::object{{"body", envelope.body}, {"attributes", attributes}}) + "\n";
}

}  // namespace

TEST(SqsExchange, TheOfficialClientReadsWhatWePublish) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  const auto sent = envelopes(0, 25);
  publish(test.bus(), sent);
  std::vector<core::Envelope> received;
  for (const auto& message : official_client(test, test.queue("g") + " receive 25")) {
    received.push_back(envelope_of(message));
  }
  EXPECT_THAT(received, UnorderedElementsAreArray(sent));
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
}

TEST(SqsExchange, WeReadWhatTheOfficialClientSends) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  const auto sent = envelopes(0, 12);
  std::string lines;
  for (const auto& envelope : sent) lines += line_of(envelope);
  EXPECT_THAT(official_client(test, test.queue("g") + " send", lines), IsEmpty());
  std::vector<core::Envelope> received;
  for (auto& delivery : receive(*consumer)) received.push_back(std::move(delivery.envelope));
  EXPECT_THAT(received, UnorderedElementsAreArray(sent));
}

TEST(SqsExchange, AMessageThatCannotBeReadGoesToTheDeadLettersAsItCame) {
  SqsBus test;
  const auto consumer = open(test.bus(), "g");
  official_client(test, test.queue("g") + " send", "{\"body\":\"<order/>\",\"attributes\":{\"type\":\"xml\"}}\n");
  EXPECT_THAT(receive(*consumer), IsEmpty());
  EXPECT_EQ(run(consumer->backlog())->messages, 0U);
  const auto letters = *run(test.bus().list(10, ""));
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].envelope.body, "<order/>");
  EXPECT_EQ(letters[0].reason, "the message has no attributes `id` and `type`");
}

}  // namespace liveops::test
