#include "adapters/bus_sqs/settle.hpp"

#include <algorithm>
#include <memory>

#include "adapters/asio/when_all.hpp"
#include "adapters/bus_sqs/options.hpp"

namespace liveops::adapters::bus_sqs {

namespace json = boost::json;
using core::Errc;
using core::Status;

namespace {

constexpr std::size_t kSideBySide = 16;
constexpr int kAttempts = 3;  // for entries that failed on the service's side

/// What all requests of one settlement share.
struct Settlement {
  SqsApi& api;
  std::string operation;
  std::string queue_url;
  std::vector<std::string> receipts;
  std::optional<std::chrono::seconds> visibility;
  Patience patience;
  std::size_t next = 0;  // not taken by a worker yet

  [[nodiscard]] json::object entry(std::size_t index) const {
    json::object entry{{"ReceiptHandle", receipts[index]}};
    if (visibility) entry["VisibilityTimeout"] = visibility->count();
    return entry;
  }
};

ports::Task<void> settle_batch(std::shared_ptr<Settlement> all, std::vector<std::size_t> indices) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    std::vector<json::object> entries;
    for (const auto index : indices) entries.push_back(all->entry(index));
    const auto outcomes = co_await all->api.batch(all->operation, all->queue_url, std::move(entries), all->patience);
    if (!outcomes) co_return core::fail(Errc::unavailable, outcomes.error().message, outcomes.error().detail);
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if ((*outcomes)[i] == EntryOutcome::retry) left.push_back(indices[i]);
    }
    if (left.empty()) co_return Status();
    indices = std::move(left);
  }
  co_return core::fail(Errc::unavailable, "SQS could not settle some messages");
}

ports::Task<void> work(std::shared_ptr<Settlement> all) {
  while (all->next < all->receipts.size()) {
    std::vector<std::size_t> indices;
    while (all->next < all->receipts.size() && indices.size() < kMaxEntries) indices.push_back(all->next++);
    if (auto settled = co_await settle_batch(all, std::move(indices)); !settled) co_return settled;
  }
  co_return Status();
}

}  // namespace

ports::Task<void> settle(SqsApi& api, std::string queue_url, std::vector<std::string> receipts,
                         std::optional<std::chrono::seconds> visibility, Patience patience) {
  std::erase(receipts, "");
  if (receipts.empty()) co_return Status();
  const auto requests = (receipts.size() + kMaxEntries - 1) / kMaxEntries;
  auto all = std::make_shared<Settlement>(
      Settlement{.api = api,
                 .operation = visibility ? "ChangeMessageVisibilityBatch" : "DeleteMessageBatch",
                 .queue_url = std::move(queue_url),
                 .receipts = std::move(receipts),
                 .visibility = visibility,
                 .patience = std::move(patience)});
  std::vector<ports::Task<void>> workers;
  for (std::size_t i = 0; i < std::min(requests, kSideBySide); ++i) workers.push_back(work(all));
  for (auto& settled : co_await when_all(std::move(workers))) {
    if (!settled) co_return std::move(settled);
  }
  co_return Status();
}

}  // namespace liveops::adapters::bus_sqs
