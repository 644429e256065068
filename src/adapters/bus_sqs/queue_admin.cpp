#include "adapters/bus_sqs/queue_admin.hpp"

#include <utility>

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
    : options_(std::move(options)),
      client_(std::move(client)),
      api_(*client_),
      queues_(api_, options_),
      subscriptions_(*client_, options_) {}

bool QueueAdmin::goes_by_topic(const GroupQueue& group) const {
  return group.topic == ports::Topic::events && !options_.events_topic_arn.empty();
}

ports::Task<std::vector<QueueReport>> QueueAdmin::create() {
  for (const auto& group : options_.groups) {
    if (group.queue.contains("://")) continue;
    const auto made = co_await queues_.make(group);
    if (!made) co_return std::unexpected(made.error());
    if (!goes_by_topic(group)) continue;
    if (auto added = co_await subscriptions_.add(made->arn); !added) co_return std::unexpected(added.error());
  }
  co_return co_await describe();
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
  if (goes_by_topic(report.group)) {
    auto problem = co_await subscriptions_.problem_of(found->arn);
    if (!problem) co_return std::unexpected(problem.error());
    if (!problem->empty()) report.problems.push_back(*std::move(problem));
  }
  report.queue = *std::move(found);
  co_return report;
}

}  // namespace liveops::adapters::bus_sqs
