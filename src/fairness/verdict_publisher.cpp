#include "fairness/verdict_publisher.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "core/verdict.hpp"

namespace liveops::fairness {
namespace {

constexpr std::size_t kPerPublish = 200;

}  // namespace

ports::Task<void> VerdictPublisher::flush() {
  for (;;) {
    auto pending = co_await store_.pending(kPerPublish);
    if (!pending) co_return std::unexpected(pending.error());
    if (pending->empty()) co_return core::Status{};
    std::vector<core::Envelope> envelopes;
    envelopes.reserve(pending->size());
    for (const ports::PendingChange& change : *pending) {
      envelopes.push_back(core::encode_standing_change(change.change));
    }
    auto outcomes = co_await bus_.publish(ports::Topic::verdicts, std::move(envelopes));
    if (!outcomes) co_return std::unexpected(outcomes.error());
    std::vector<std::int64_t> done;
    for (std::size_t i = 0; i < outcomes->size() && i < pending->size(); ++i) {
      if ((*outcomes)[i] == ports::PublishOutcome::retry) continue;
      done.push_back((*pending)[i].number);
      if ((*outcomes)[i] == ports::PublishOutcome::refused) {
        log_.error("the bus refused a change of standing for good; leaderboards will not learn of it",
                   {{"version", (*pending)[i].change.version}});
      }
    }
    const bool all_done = done.size() == pending->size();
    if (!done.empty()) {
      if (auto noted = co_await store_.published(std::move(done)); !noted) co_return noted;
    }
    if (!all_done) co_return core::fail(core::Errc::unavailable, "the bus did not take all changes of standing");
  }
}

}  // namespace liveops::fairness
