#include "adapters/bus_sqs/sqs_api.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::bus_sqs {

namespace json = boost::json;
using core::Errc;

namespace {

constexpr std::chrono::seconds kLongestWait{20};
constexpr std::chrono::seconds kPollSlack{10};  // that the answer to a long poll may take longer
constexpr std::size_t kAttemptIdBytes = 16;

const json::array* array_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr ? value->if_array() : nullptr;
}

std::size_t index_of(const json::object& entry, std::size_t none) {
  const auto* id = entry.if_contains("Id");
  if (id == nullptr || !id->is_string()) return none;
  const auto& text = id->get_string();
  std::size_t index = none;
  std::from_chars(text.data(), text.data() + text.size(), index);
  return index;
}

/// Some servers say it as a string.
bool is_senders_fault(const json::object& entry) {
  const auto* fault = entry.if_contains("SenderFault");
  return fault != nullptr &&
         (fault->is_bool() ? fault->get_bool() : fault->is_string() && fault->get_string() == "true");
}

/// Entries that the service fails for a reason of the moment, whoever it says is at fault.
bool is_of_the_moment(const json::object& entry) {
  const auto* code = entry.if_contains("Code");
  return code != nullptr && code->is_string() &&
         aws::Fault{.code = std::string(code->get_string()), .message = {}, .status = 400, .retry_after = {}}
             .is_transient();
}

}  // namespace

ports::Task<json::object> SqsApi::ask(std::string operation, json::object question, Patience patience) {
  aws::Call call{
      .service = "sqs",
      .headers = {{"Content-Type", "application/x-amz-json-1.0"}, {"X-Amz-Target", "AmazonSQS." + operation}},
      .body = json::serialize(question),
      .timeout = patience.attempt,
      .deadline = patience.deadline,
      .stop = std::move(patience.stop)};
  const auto answer = co_await client_.make(std::move(call));
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->empty()) co_return json::object();
  boost::system::error_code broken;
  auto parsed = json::parse(*answer, broken);
  if (broken || !parsed.is_object()) {
    co_return core::fail(Errc::unavailable, "SQS answered " + operation + " with something that is no JSON object");
  }
  co_return std::move(parsed.get_object());
}

ports::Task<std::vector<EntryOutcome>> SqsApi::batch(std::string operation, std::string queue_url,
                                                     std::vector<json::object> entries, Patience patience) {
  json::array numbered;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i]["Id"] = std::to_string(i);
    numbered.emplace_back(std::move(entries[i]));
  }
  const auto count = entries.size();
  json::object question{{"QueueUrl", std::move(queue_url)}, {"Entries", std::move(numbered)}};
  const auto answer = co_await ask(std::move(operation), std::move(question), std::move(patience));
  if (!answer) co_return std::unexpected(answer.error());
  co_return parse_outcomes(*answer, count);
}

std::vector<EntryOutcome> parse_outcomes(const json::object& answer, std::size_t entries) {
  std::vector<EntryOutcome> outcomes(entries, EntryOutcome::retry);
  if (const auto* done = array_of(answer, "Successful")) {
    for (const auto& entry : *done) {
      const auto index = entry.is_object() ? index_of(entry.get_object(), entries) : entries;
      if (index < entries) outcomes[index] = EntryOutcome::done;
    }
  }
  if (const auto* failed = array_of(answer, "Failed")) {
    for (const auto& entry : *failed) {
      const auto index = entry.is_object() ? index_of(entry.get_object(), entries) : entries;
      if (index >= entries) continue;
      const bool refused = is_senders_fault(entry.get_object()) && !is_of_the_moment(entry.get_object());
      outcomes[index] = refused ? EntryOutcome::refused : EntryOutcome::retry;
    }
  }
  return outcomes;
}

ports::Task<std::vector<Received>> SqsApi::receive(Poll poll, Patience patience) {
  const auto wait = std::clamp(poll.wait, std::chrono::seconds(0), kLongestWait);
  json::object question{{"QueueUrl", poll.queue_url},
                        {"MaxNumberOfMessages", poll.max},
                        {"WaitTimeSeconds", wait.count()},
                        {"MessageSystemAttributeNames", {"ApproximateReceiveCount", "SentTimestamp"}},
                        {"MessageAttributeNames", {"All"}}};
  if (poll.visibility.count() > 0) question["VisibilityTimeout"] = poll.visibility.count();
  if (poll.fifo) {  // a receive whose answer was lost gives the same messages when it is tried again
    question["ReceiveRequestAttemptId"] = core::crypto::to_hex(core::crypto::random_bytes(kAttemptIdBytes));
  }
  if (wait.count() > 0) patience.attempt = wait + kPollSlack;
  const auto answer = co_await ask("ReceiveMessage", std::move(question), std::move(patience));
  if (!answer) co_return std::unexpected(answer.error());
  std::vector<Received> received;
  if (const auto* messages = array_of(*answer, "Messages")) {
    for (const auto& message : *messages) {
      if (message.is_object()) received.push_back(parse_received(message.get_object()));
    }
  }
  co_return received;
}

json::object send_entry(const Message& message, bool fifo) {
  json::object attributes;
  for (const auto& [name, value] : message.attributes) {
    attributes[name] = {{"DataType", "String"}, {"StringValue", value}};
  }
  json::object entry{{"MessageBody", message.body}, {"MessageAttributes", std::move(attributes)}};
  if (fifo) {
    entry["MessageGroupId"] = message.group;
    entry["MessageDeduplicationId"] = message.deduplication;
  }
  return entry;
}

}  // namespace liveops::adapters::bus_sqs
