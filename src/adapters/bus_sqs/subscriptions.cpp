#include "adapters/bus_sqs/subscriptions.hpp"

#include <string_view>

#include "adapters/aws/fault.hpp"
#include "adapters/aws/form.hpp"

namespace liveops::adapters::bus_sqs {

using core::Errc;

namespace {

constexpr int kMaxPages = 1000;  // of 100 subscriptions

/// "<entry><key>NAME</key><value>...</value></entry>"
std::string attribute(std::string_view xml, std::string_view name) {
  const auto at = xml.find("<key>" + std::string(name) + "</key>");
  return at == std::string_view::npos ? std::string() : aws::xml_text(xml.substr(at), "value");
}

}  // namespace

// SNS speaks the query protocol: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
ports::Task<std::string> Subscriptions::ask(std::string action, Fields fields) {
  fields.insert(fields.begin(), {{"Action", std::move(action)}, {"Version", "2010-03-31"}});
  aws::Call call{.service = "sns",
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                 .body = aws::encode_form(fields),
                 .timeout = options_.request_timeout,
                 .stop = {}};
  co_return co_await client_.make(std::move(call));
}

ports::Task<void> Subscriptions::add(std::string queue_arn) {
  Fields fields{{"TopicArn", options_.events_topic_arn},
                {"Protocol", "sqs"},
                {"Endpoint", std::move(queue_arn)},
                {"Attributes.entry.1.key", "RawMessageDelivery"},
                {"Attributes.entry.1.value", "true"}};
  const auto answer = co_await ask("Subscribe", std::move(fields));
  if (!answer) co_return std::unexpected(answer.error());
  co_return core::Status();
}

ports::Task<std::string> Subscriptions::find(std::string queue_arn) {
  constexpr std::string_view kMember = "<member>";
  std::string next;
  for (int page = 0; page < kMaxPages; ++page) {
    Fields fields{{"TopicArn", options_.events_topic_arn}};
    if (!next.empty()) fields.emplace_back("NextToken", next);
    const auto answer = co_await ask("ListSubscriptionsByTopic", std::move(fields));
    if (!answer) co_return std::unexpected(answer.error());
    const std::string_view xml = *answer;
    for (auto at = xml.find(kMember); at != std::string_view::npos; at = xml.find(kMember, at + 1)) {
      const auto member = xml.substr(at, xml.find("</member>", at) - at);
      if (aws::xml_text(member, "Endpoint") == queue_arn) co_return aws::xml_text(member, "SubscriptionArn");
    }
    next = aws::xml_text(xml, "NextToken");
    if (next.empty()) break;
  }
  co_return std::string();
}

ports::Task<std::string> Subscriptions::problem_of(std::string queue_arn) {
  const auto subscription = co_await find(std::move(queue_arn));
  if (!subscription && subscription.error().code == Errc::not_found) {
    co_return "there is no SNS topic " + options_.events_topic_arn + ": make it, or mend SNS_TOPIC_ARN";
  }
  if (!subscription) co_return std::unexpected(subscription.error());
  if (subscription->empty()) {
    co_return "it is not subscribed to SNS_TOPIC_ARN and gets nothing: `liveops queues create` subscribes it";
  }
  Fields fields{{"SubscriptionArn", *subscription}};
  const auto attributes = co_await ask("GetSubscriptionAttributes", std::move(fields));
  if (!attributes) co_return std::unexpected(attributes.error());
  if (attribute(*attributes, "RawMessageDelivery") != "true") {
    co_return "its subscription to SNS_TOPIC_ARN lacks RawMessageDelivery: nobody can read what comes by it";
  }
  co_return std::string();
}

}  // namespace liveops::adapters::bus_sqs
