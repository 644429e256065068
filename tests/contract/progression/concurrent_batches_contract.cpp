#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <thread>

#include "tests/contract/progression/entries.hpp"
#include "tests/contract/progression/stores.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using ports::LedgerEntry;

constexpr int kPlayers = 7;
constexpr int kDrops = 40;
constexpr int kEvents = 600;
constexpr int kConsumers = 4;  // half of them on another replica
constexpr std::size_t kBatch = 50;

std::string name_of(int player) {
  return "p" + std::to_string(player);
}

/// A third each of xp, kills, and claims of drops that several players want.
std::vector<LedgerEntry> contested_events() {
  std::vector<LedgerEntry> events;
  for (int n = 0; n < kEvents; ++n) {
    const std::string who = name_of(n % kPlayers);
    if (n % 3 == 0) events.push_back(xp_event(n, who, n));
    if (n % 3 == 1) events.push_back(kill_event(n, who, "dragon"));
    if (n % 3 == 2) events.push_back(drop_event(n, who, "d" + std::to_string(n % kDrops), "gem", 1));
  }
  return events;
}

struct Totals {
  std::size_t applied = 0;
  std::size_t duplicates = 0;
  std::size_t refused = 0;
  std::size_t earned = 0;
};

/// Takes all events in, in an order and in batches of its own.
Totals consume(ports::ProgressStore& store, std::vector<LedgerEntry> events, unsigned seed) {
  std::ranges::shuffle(events, std::mt19937(seed));
  Totals totals;
  for (std::size_t begin = 0; begin < events.size(); begin += kBatch) {
    const auto first = events.begin() + static_cast<std::ptrdiff_t>(begin);
    std::vector<LedgerEntry> batch(first, first + std::min<std::ptrdiff_t>(kBatch, events.end() - first));
    const auto outcome =
        run(store.apply(std::move(batch), thresholds({kills_reward("slayer", "dragon", 10)}), at(1000)));
    EXPECT_TRUE(outcome) << outcome.error().message << outcome.error().detail;
    if (!outcome) continue;
    totals.applied += outcome->applied;
    totals.duplicates += outcome->duplicates;
    totals.refused += outcome->drops_refused;
    totals.earned += outcome->rewards_earned;
  }
  return totals;
}

class ConcurrentBatches : public ::testing::TestWithParam<StoresCase> {
 protected:
  Totals consume_everywhere(const std::vector<LedgerEntry>& events) {
    std::array<Totals, kConsumers> each;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < kConsumers; ++i) {
      auto& store = i % 2 == 0 ? stores_->progress() : stores_->replica();
      threads.emplace_back([&store, &events, &mine = each[i], i] { mine = consume(store, events, i); });
    }
    threads.clear();
    Totals all;
    for (const Totals& one : each) {
      all.applied += one.applied;
      all.duplicates += one.duplicates;
      all.refused += one.refused;
      all.earned += one.earned;
    }
    return all;
  }
  std::int64_t gems(const std::string& who) {
    const auto items = run(stores_->progress().inventory_of(player(who))).value();
    return items.empty() ? 0 : items[0].quantity;
  }

  std::unique_ptr<Stores> stores_ = GetParam().make();
};

TEST_P(ConcurrentBatches, EveryEventTakesEffectOnceAndEveryDropIsGrantedOnce) {
  const auto events = contested_events();
  const Totals totals = consume_everywhere(events);
  EXPECT_EQ(totals.applied, events.size());
  EXPECT_EQ(totals.duplicates, (kConsumers - 1) * events.size());
  EXPECT_EQ(totals.earned, std::size_t{kPlayers});

  std::map<std::string, std::int64_t> xp;
  std::map<std::string, std::int64_t> kills;
  for (const LedgerEntry& event : events) {
    xp[event.player_id.str()] += event.xp;
    kills[event.player_id.str()] += event.boss_kill ? 1 : 0;
  }
  std::int64_t granted = 0;
  for (int i = 0; i < kPlayers; ++i) {
    const auto progress = run(stores_->progress().progress_of(player(name_of(i)))).value();
    EXPECT_EQ(progress.xp, xp[name_of(i)]);
    EXPECT_EQ(progress.season_xp.at(season("s1")), xp[name_of(i)]);
    EXPECT_EQ(progress.boss_kills.at(core::BossId::trusted("dragon")), kills[name_of(i)]);
    granted += gems(name_of(i));
  }
  EXPECT_EQ(granted, kDrops);
  EXPECT_EQ(totals.refused, std::size_t{kEvents / 3 - kDrops});
}

INSTANTIATE_TEST_SUITE_P(Adapters, ConcurrentBatches, ::testing::ValuesIn(all_stores()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace liveops::test
