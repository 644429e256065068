#include "leaderboard/sweep.hpp"

namespace liveops::leaderboard {

namespace {

constexpr std::size_t kStandingsPerStep = 5000;
constexpr std::size_t kEventsPerStep = 20000;  // looked at, mostly kept
constexpr std::size_t kBlocksPerStep = 1000;

}  // namespace

ports::Task<void> Sweep::run() {
  const auto before = clock_.now() - retention_;
  const auto purged = co_await standings_.purge_sealed(kStandingsPerStep);
  if (!purged) co_return std::unexpected(purged.error());
  counters_.purged.add(static_cast<double>(*purged));
  const auto forgotten = co_await standings_.forget_events(before, kEventsPerStep);
  if (!forgotten) co_return std::unexpected(forgotten.error());
  counters_.forgotten_events.add(static_cast<double>(*forgotten));
  const auto blocks = co_await visibility_.forget(before, kBlocksPerStep);
  if (!blocks) co_return std::unexpected(blocks.error());
  co_return core::Status();
}

}  // namespace liveops::leaderboard
