#include "adapters/bus_sqs/queues.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

namespace liveops::adapters::bus_sqs {

namespace json = boost::json;
using core::Errc;
using core::Result;

namespace {

constexpr std::string_view kFifo = ".fifo";

std::string text_of(const json::object& attributes, std::string_view name) {
  const auto* value = attributes.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t to_number(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::uint64_t count_of(const json::object& attributes) {
  return to_number(text_of(attributes, "ApproximateNumberOfMessages")) +
         to_number(text_of(attributes, "ApproximateNumberOfMessagesNotVisible")) +
         to_number(text_of(attributes, "ApproximateNumberOfMessagesDelayed"));
}

bool is_url(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

/// {"deadLetterTargetArn": "...", "maxReceiveCount": "5"}, the number as a string or not.
void read_redrive(const std::string& policy, Queue& queue) {
  boost::system::error_code broken;
  const auto value = json::parse(policy, broken);
  if (broken || !value.is_object()) return;
  queue.dead_letter_name = name_in_arn(text_of(value.get_object(), "deadLetterTargetArn"));
  const auto* count = value.get_object().if_contains("maxReceiveCount");
  if (count == nullptr) return;
  const auto number =
      count->is_string() ? to_number(std::string(count->get_string())) : count->to_number<std::uint64_t>(broken);
  queue.max_receive_count = static_cast<std::uint32_t>(number);
}

void read_attributes(const json::object& attributes, Queue& queue) {
  queue.arn = text_of(attributes, "QueueArn");
  queue.name = name_in_arn(queue.arn);
  queue.visibility = std::chrono::seconds(to_number(text_of(attributes, "VisibilityTimeout")));
  queue.retention = std::chrono::seconds(to_number(text_of(attributes, "MessageRetentionPeriod")));
  queue.max_bytes = to_number(text_of(attributes, "MaximumMessageSize"));
  queue.messages = count_of(attributes);
  queue.policy = text_of(attributes, "Policy");
  read_redrive(text_of(attributes, "RedrivePolicy"), queue);
}

/// Nobody without TLS; the topic, where there is one, may send.
std::string access_policy(const std::string& arn, const std::string& topic_arn) {
  json::array statements{json::object{{"Sid", "OnlyTls"},
                                      {"Effect", "Deny"},
                                      {"Principal", "*"},
                                      {"Action", "sqs:*"},
                                      {"Resource", arn},
                                      {"Condition", {{"Bool", {{"aws:SecureTransport", "false"}}}}}}};
  if (!topic_arn.empty()) {
    statements.push_back(json::object{{"Sid", "Topic"},
                                      {"Effect", "Allow"},
                                      {"Principal", {{"Service", "sns.amazonaws.com"}}},
                                      {"Action", "sqs:SendMessage"},
                                      {"Resource", arn},
                                      {"Condition", {{"ArnEquals", {{"aws:SourceArn", topic_arn}}}}}});
  }
  return json::serialize(json::object{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}});
}

}  // namespace

std::uint64_t count_messages(const json::object& answer) {
  const auto* attributes = answer.if_contains("Attributes");
  return attributes != nullptr && attributes->is_object() ? count_of(attributes->get_object()) : 0;
}

std::string name_in_arn(std::string_view arn) {
  return std::string(arn.substr(arn.rfind(':') + 1));
}

std::string Queues::name_of(const GroupQueue& group) const {
  if (is_url(group.queue)) return group.queue.substr(group.queue.rfind('/') + 1);
  if (!group.queue.empty()) return group.queue;
  return options_.prefix + "-" + std::string(to_string(group.topic)) + "-" + group.group +
         std::string(options_.fifo ? kFifo : "");
}

ports::Task<std::string> Queues::url_of(std::string name) {
  const auto answer = co_await api_.ask("GetQueueUrl", {{"QueueName", name}}, patience());
  if (!answer && answer.error().code == Errc::not_found) {
    co_return core::fail(Errc::not_found, "there is no SQS queue '" + name + "': `liveops queues create` makes it");
  }
  if (!answer) co_return std::unexpected(answer.error());
  co_return text_of(*answer, "QueueUrl");
}

ports::Task<json::object> Queues::attributes_of(std::string url) {
  auto answer =
      co_await api_.ask("GetQueueAttributes", {{"QueueUrl", std::move(url)}, {"AttributeNames", {"All"}}}, patience());
  if (!answer) co_return std::unexpected(answer.error());
  const auto* attributes = answer->if_contains("Attributes");
  if (attributes == nullptr || !attributes->is_object()) {
    co_return core::fail(Errc::unavailable, "SQS does not describe the queue");
  }
  co_return attributes->get_object();
}

ports::Task<Queue> Queues::find(GroupQueue group) {
  Queue queue;
  queue.url = group.queue;
  if (!is_url(queue.url)) {
    auto url = co_await url_of(name_of(group));
    if (!url) co_return std::unexpected(url.error());
    queue.url = *std::move(url);
  }
  const auto attributes = co_await attributes_of(queue.url);
  if (!attributes) co_return std::unexpected(attributes.error());
  read_attributes(*attributes, queue);
  if (queue.dead_letter_name.empty()) co_return queue;
  auto dead_url = co_await url_of(queue.dead_letter_name);
  if (!dead_url && dead_url.error().code == Errc::not_found) co_return queue;
  if (!dead_url) co_return std::unexpected(dead_url.error());
  queue.dead_letter_url = *std::move(dead_url);
  const auto dead = co_await attributes_of(queue.dead_letter_url);
  if (!dead) co_return std::unexpected(dead.error());
  queue.dead_letters = count_of(*dead);
  co_return queue;
}

json::object Queues::attributes_for(const std::string& name) const {
  json::object attributes{{"MessageRetentionPeriod", std::to_string(options_.retention.count())},
                          {"SqsManagedSseEnabled", "true"}};
  if (name.ends_with(kFifo)) {
    attributes["FifoQueue"] = "true";
    attributes["DeduplicationScope"] = "messageGroup";
    attributes["FifoThroughputLimit"] = "perMessageGroupId";
  }
  return attributes;
}

ports::Task<std::string> Queues::ensure(std::string name, json::object attributes) {
  const auto made = co_await api_.ask("CreateQueue", {{"QueueName", name}, {"Attributes", attributes}}, patience());
  if (made) co_return text_of(*made, "QueueUrl");
  if (made.error().code != Errc::conflict) co_return std::unexpected(made.error());
  auto url = co_await url_of(name);  // it is there, with other attributes
  if (!url) co_return url;
  attributes.erase("FifoQueue");
  const auto changed =
      co_await api_.ask("SetQueueAttributes", {{"QueueUrl", *url}, {"Attributes", std::move(attributes)}}, patience());
  if (!changed) co_return std::unexpected(changed.error());
  co_return url;
}

ports::Task<Queue> Queues::make(GroupQueue group) {
  const auto name = name_of(group);
  const bool fifo = name.ends_with(kFifo);
  const auto stem = name.substr(0, name.size() - (fifo ? kFifo.size() : 0));
  const auto dead_name = stem + "-dead" + std::string(fifo ? kFifo : "");
  const auto dead_url = co_await ensure(dead_name, attributes_for(dead_name));
  if (!dead_url) co_return std::unexpected(dead_url.error());
  const auto dead = co_await attributes_of(*dead_url);
  if (!dead) co_return std::unexpected(dead.error());
  auto attributes = attributes_for(name);
  attributes["VisibilityTimeout"] =
      std::to_string(std::chrono::ceil<std::chrono::seconds>(options_.visibility).count());
  attributes["ReceiveMessageWaitTimeSeconds"] = "20";
  attributes["RedrivePolicy"] =
      json::serialize(json::object{{"deadLetterTargetArn", text_of(*dead, "QueueArn")},
                                   {"maxReceiveCount", std::to_string(options_.max_receive_count)}});
  auto url = co_await ensure(name, std::move(attributes));
  if (!url) co_return std::unexpected(url.error());
  const auto made = co_await attributes_of(*url);
  if (!made) co_return std::unexpected(made.error());
  const auto topic = group.topic == ports::Topic::events ? options_.events_topic_arn : "";
  json::object policy{{"Policy", access_policy(text_of(*made, "QueueArn"), topic)}};
  const auto set =
      co_await api_.ask("SetQueueAttributes", {{"QueueUrl", *url}, {"Attributes", std::move(policy)}}, patience());
  if (!set) co_return std::unexpected(set.error());
  group.queue = *std::move(url);
  co_return co_await find(std::move(group));
}

std::vector<std::string> problems_of(const Queue& queue, const Options& options) {
  std::vector<std::string> problems;
  if (queue.dead_letter_url.empty()) {
    problems.emplace_back("it has no dead-letter queue: messages that cannot be read stay for ever in circulation");
  }
  if (queue.max_receive_count > 0 && queue.max_receive_count < 100) {
    problems.emplace_back("maxReceiveCount is " + std::to_string(queue.max_receive_count) +
                          ": in an outage of the database good messages become dead letters; set 1000");
  }
  if (queue.max_bytes > 0 && queue.max_bytes < options.max_bytes) {
    problems.emplace_back("MaximumMessageSize is below SQS_MAX_MESSAGE_BYTES: large events will be refused");
  }
  if (options.fifo != queue.fifo()) {
    problems.emplace_back(options.fifo ? "SQS_FIFO is set, but it is no FIFO queue"
                                       : "it is a FIFO queue: set SQS_FIFO=true");
  }
  return problems;
}

}  // namespace liveops::adapters::bus_sqs
