#include "progression/revocations.hpp"

#include <utility>

#include "core/verdict.hpp"

namespace liveops::progression {

ports::Task<std::vector<runtime::Poison>> Revocations::handle(const std::vector<ports::Delivery>& deliveries) {
  std::vector<runtime::Poison> poison;
  std::vector<core::StandingChange> changes;
  for (std::size_t i = 0; i < deliveries.size(); ++i) {
    auto change = core::decode_standing_change(deliveries[i].envelope);
    if (change) {
      changes.push_back(std::move(*change));
    } else {
      poison.push_back({i, change.error().message});
    }
  }
  if (changes.empty()) co_return poison;
  const auto receipts = co_await store_.judge(std::move(changes), clock_.now());
  if (!receipts) co_return std::unexpected(receipts.error());
  counters_.revoked.add(static_cast<double>(receipts->revoked));
  counters_.restored.add(static_cast<double>(receipts->restored));
  co_return poison;
}

}  // namespace liveops::progression
