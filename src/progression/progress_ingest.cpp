#include "progression/progress_ingest.hpp"

#include "core/envelope.hpp"
#include "progression/ledger_entry.hpp"

namespace liveops::progression {

namespace {

constexpr std::size_t kMostMissedPlayers = 10'000;  // some 5 MB

}  // namespace

ProgressIngest::ProgressIngest(ports::ProgressStore& store, ports::ProgressCache& cache, const CurrentBook& book,
                               const core::Clock& clock, Counters& counters, ports::Log& log)
    : store_(store),
      cache_(cache),
      book_(book),
      clock_(clock),
      counters_(counters),
      log_(log),
      missed_(kMostMissedPlayers) {}

ports::Task<std::vector<runtime::Poison>> ProgressIngest::handle(const std::vector<ports::Delivery>& deliveries) {
  const auto book = book_.get();
  std::vector<runtime::Poison> poison;
  auto entries = decode(deliveries, *book, poison);
  if (!entries.empty()) {
    auto outcome = co_await store_.apply(std::move(entries), book->rewards().thresholds(), clock_.now());
    if (!outcome) co_return std::unexpected(outcome.error());
    count(*outcome);
    co_await write_cache(std::move(outcome->players));
  }
  counters_.undecodable.add(static_cast<double>(poison.size()));
  co_return poison;
}

std::vector<ports::LedgerEntry> ProgressIngest::decode(const std::vector<ports::Delivery>& deliveries,
                                                       const GameBook& book, std::vector<runtime::Poison>& poison) {
  std::vector<ports::LedgerEntry> entries;
  entries.reserve(deliveries.size());
  for (std::size_t index = 0; index < deliveries.size(); ++index) {
    auto event = core::decode_event(deliveries[index].envelope);
    if (event) {
      entries.push_back(to_ledger_entry(std::move(*event), book));
    } else {
      poison.push_back({.index = index, .reason = event.error().message});
    }
  }
  return entries;
}

boost::asio::awaitable<void> ProgressIngest::write_cache(std::vector<ports::Progress> players) {
  missed_.move_to(players);
  auto again = players;
  const auto cached = co_await cache_.put(std::move(players));
  if (cached) co_return;
  missed_.keep(std::move(again));
  counters_.cache_errors.add();
  log_.warn("cannot write the progress cache", {{"error", cached.error().message}});
}

void ProgressIngest::count(const ports::ApplyOutcome& outcome) {
  counters_.applied.add(static_cast<double>(outcome.applied));
  counters_.duplicates.add(static_cast<double>(outcome.duplicates));
  counters_.drops_refused.add(static_cast<double>(outcome.drops_refused));
  counters_.saturated.add(static_cast<double>(outcome.saturated));
  counters_.rewards_earned.add(static_cast<double>(outcome.rewards_earned));
}

}  // namespace liveops::progression
