#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/contract/progression/entries.hpp"
#include "tests/contract/progression/stores.hpp"
#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using ports::LedgerEntry;

/// All of a player's state that follows from the set of events; version and time tell how it came about.
struct State {
  std::int64_t xp = 0;
  std::map<core::SeasonId, std::int64_t> season_xp;
  std::map<core::BossId, std::int64_t> boss_kills;
  std::map<std::string, std::int64_t> items;
  std::set<std::string> earned;
  friend bool operator==(const State&, const State&) = default;
};
using World = std::map<std::string, State>;

constexpr std::int64_t kRewardXp = 60;
constexpr std::int64_t kRewardSeasonXp = 40;
constexpr std::int64_t kRewardKills = 2;

ports::RewardThresholds rewards() {
  return thresholds({xp_reward("level", kRewardXp), season_reward("season", kRewardSeasonXp),
                     kills_reward("slayer", "dragon", kRewardKills)});
}

/// A claim of one drop always has the same player, item and quantity, so that it does not matter which one wins.
LedgerEntry random_event(int n) {
  const std::string who(1, static_cast<char>('a' + *rc::gen::inRange(0, 4)));
  switch (*rc::gen::inRange(0, 3)) {
    case 0: {
      auto entry = xp_event(n, who, *rc::gen::inRange(0, 30));
      entry.season = season(*rc::gen::element<std::string>("s1", "s2"));
      return entry;
    }
    case 1:
      return kill_event(n, who, *rc::gen::element<std::string>("dragon", "slime"));
    default:
      return drop_event(n, who, who + std::to_string(*rc::gen::inRange(0, 3)), "gem", 2);
  }
}

/// The state as a reader of the contract would work it out on paper.
World expected(const std::vector<LedgerEntry>& events) {
  World world;
  std::set<core::DropId> granted;
  for (const auto& event : events) {
    State& state = world[event.player_id.str()];
    state.xp += event.xp;
    if (event.xp > 0) state.season_xp[*event.season] += event.xp;
    if (event.boss_kill) ++state.boss_kills[*event.boss_kill];
    if (event.drop && granted.insert(event.drop->drop_id).second) {
      state.items[event.drop->item_id.str()] += event.drop->quantity;
    }
  }
  for (auto& [who, state] : world) {
    if (state.xp >= kRewardXp) state.earned.insert("level");
    for (const auto& [id, xp] : state.season_xp) {
      if (xp >= kRewardSeasonXp) state.earned.insert("season@" + id.str());
    }
    const auto dragons = state.boss_kills.find(core::BossId::trusted("dragon"));
    if (dragons != state.boss_kills.end() && dragons->second >= kRewardKills) state.earned.insert("slayer");
  }
  return world;
}

World stored(Stores& stores, const World& players) {
  World world;
  for (const auto& [who, unused] : players) {
    const auto all = run(stores.rewards().rewards_of(player(who))).value();
    State& state = world[who];
    state.xp = all.progress.xp;
    state.season_xp = all.progress.season_xp;
    state.boss_kills = all.progress.boss_kills;
    for (const auto& item : run(stores.progress().inventory_of(player(who))).value()) {
      state.items[item.item_id.str()] = item.quantity;
    }
    for (const auto& row : all.earned) {
      state.earned.insert(row.reward_id.str() + (row.season ? "@" + row.season->str() : ""));
    }
  }
  return world;
}

class ProgressStoreOrder : public ::testing::TestWithParam<StoresCase> {};

TEST_P(ProgressStoreOrder, StateFollowsFromTheSetOfEventsWhateverTheirOrderRepetitionAndBatches) {
  EXPECT_TRUE(rc::check([] {
    std::vector<LedgerEntry> events;
    const int count = *rc::gen::inRange(0, 40);
    for (int n = 0; n < count; ++n) events.push_back(random_event(n));
    const World want = expected(events);

    std::vector<LedgerEntry> deliveries;
    for (const auto& event : events) deliveries.insert(deliveries.end(), *rc::gen::inRange<std::size_t>(1, 6), event);
    for (std::size_t i = deliveries.size(); i > 1; --i) {
      std::swap(deliveries[i - 1], deliveries[*rc::gen::inRange<std::size_t>(0, i)]);
    }

    const auto stores = GetParam().make();
    std::size_t applied = 0;
    for (std::size_t begin = 0; begin < deliveries.size();) {
      const auto size = std::min(*rc::gen::inRange<std::size_t>(1, 60), deliveries.size() - begin);
      const auto first = deliveries.begin() + static_cast<std::ptrdiff_t>(begin);
      std::vector<LedgerEntry> batch(first, first + static_cast<std::ptrdiff_t>(size));
      applied += run(stores->progress().apply(std::move(batch), rewards(), at(1))).value().applied;
      begin += size;
    }
    RC_ASSERT(applied == events.size());
    RC_ASSERT(stored(*stores, want) == want);
  }));
}

INSTANTIATE_TEST_SUITE_P(Adapters, ProgressStoreOrder, ::testing::ValuesIn(all_stores()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace liveops::test
