#include "adapters/bus_sqs/queue_admin.hpp"

#include <utility>

#include "adapters/aws/form.hpp"

namespace liveops::adapters::bus_sqs {

using core::Errc;
using core::Result;

Result<std::unique_ptr<QueueAdmin>> QueueAdmin::open(Options options, const aws::Environment& environment,
                                                     const core::Clock& clock, ports::Log& log) {
  auto client = aws::Client::open(environment, clock, log);
  if (!client) return std::unexpected(client.error());
  return std::unique_ptr<QueueAdmin>(new QueueAdmin(std::move(options), *std::move(client)));
}

QueueAdmin::QueueAdmin(Options options, std::unique_ptr<aws::Client> client)
    : options_(std::move(options)), client_(std::move(client)), api_(*client_), queues_(api_, options_) {}

ports::Task<std::vector<QueueReport>> QueueAdmin::create() {
  for (const auto& group : options_.groups) {
    if (group.queue.contains("://")) continue;
    const auto made = co_await queues_.make(group);
    if (!made) co_return std::unexpected(made.error());
    if (group.topic != ports::Topic::events || options_.events_topic_arn.empty()) continue;
    if (auto subscribed = co_await subscribe(made->arn); !subscribed) co_return std::unexpected(subscribed.error());
  }
  co_return co_await describe();
}

ports::Task<void> QueueAdmin::subscribe(std::string queue_arn) {
  aws::Call call{.service = "sns",
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                 .body = aws::encode_form({{"Action", "Subscribe"},
                                           {"Version", "2010-03-31"},
                                           {"TopicArn", options_.events_topic_arn},
                                           {"Protocol", "sqs"},
                                           {"Endpoint", std::move(queue_arn)},
                                           {"Attributes.entry.1.key", "RawMessageDelivery"},
                                           {"Attributes.entry.1.value", "true"}}),
                 .timeout = options_.request_timeout,
                 .stop = {}};
  const auto answer = co_await client_->make(std::move(call));
  if (!answer) co_return std::unexpected(answer.error());
  co_return core::Status();
}

ports::Task<std::vector<QueueReport>> QueueAdmin::describe() {
  std::vector<QueueReport> reports;
  for (const auto& group : options_.groups) {
    auto report = co_await describe(group);
    if (!report) co_return std::unexpected(report.error());
    reports.push_back(*std::move(report));
  }
  co_return reports;
}

ports::Task<QueueReport> QueueAdmin::describe(GroupQueue group) {
  QueueReport report{.group = group, .name = queues_.name_of(group), .queue = {}, .problems = {}};
  auto found = co_await queues_.find(std::move(group));
  if (!found && found.error().code == Errc::not_found) {
    report.problems.push_back(found.error().message);
    co_return report;
  }
  if (!found) co_return std::unexpected(found.error());
  report.problems = problems_of(*found, options_);
  report.queue = *std::move(found);
  co_return report;
}

}  // namespace liveops::adapters::bus_sqs
