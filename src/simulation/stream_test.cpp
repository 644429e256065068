#include "simulation/stream.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace liveops::simulation {
namespace {

constexpr double kDays = 6;

PopulationOptions population(double cheaters, std::uint64_t seed = 5) {
  return {.seed = seed, .players = 300, .cheater_share = cheaters, .days = kDays};
}

/// Long intervals: few events, so that a population takes no time.
Parameters sparse() {
  Parameters parameters;
  parameters.usual_s = 20;
  parameters.slow_s = 60;
  parameters.bot_interval_s = 15;
  parameters.farm_interval_s = 20;
  return parameters;
}

auto told(const SimulatedEvent& e) {
  return std::tuple(e.at, e.number, e.player, e.seq, e.type, e.boss, e.xp, e.score, e.quantity, e.illicit);
}

TEST(SimulationStream, TheSameSeedGivesTheSameEventsAndAnotherSeedOthers) {
  Stream first(sparse(), population(0.1));
  Stream second(sparse(), population(0.1));
  Stream third(sparse(), population(0.1, 6));
  std::size_t events = 0;
  std::size_t differ = 0;
  while (const auto event = first.next()) {
    const auto same = second.next();
    ASSERT_TRUE(same);
    ASSERT_EQ(told(*event), told(*same));
    const auto other = third.next();
    differ += !other || told(*other) != told(*event) ? 1U : 0U;
    ++events;
  }
  EXPECT_FALSE(second.next());
  EXPECT_EQ(differ, events);
}

TEST(SimulationStream, EventsComeInTimeOrderWithIdsOfTheirOwn) {
  Stream stream(sparse(), population(0.1));
  std::vector<std::uint32_t> seqs(300);
  SimulatedEvent before;
  std::size_t retries = 0;
  while (const auto event = stream.next()) {
    ASSERT_GE(event->at, before.at);
    ASSERT_LT(event->at, kDays * kDay);
    if (event->retry) {
      EXPECT_EQ(told(*event), told(before));
      ++retries;
    } else {
      ASSERT_EQ(event->number, before.number + 1);
      ASSERT_EQ(event->seq, ++seqs[event->player]);
    }
    before = *event;
  }
  EXPECT_GT(retries, 0U);
}

TEST(SimulationStream, AnotherShareOfCheatersLeavesHonestPlayAsItWas) {
  Stream without(sparse(), population(0));
  Stream with(sparse(), population(0.2));
  std::vector<std::vector<std::tuple<double, std::int64_t>>> plays(300);
  while (const auto event = without.next()) plays[event->player].emplace_back(event->at, event->score);
  std::vector<std::size_t> at(300);
  while (const auto event = with.next()) {
    const Player& player = with.players()[event->player];
    if (player.kind != Kind::honest || player.group != kNoGroup) continue;
    if (without.players()[event->player].group != kNoGroup) continue;  // another cafe's
    ASSERT_LT(at[event->player], plays[event->player].size());
    EXPECT_EQ(plays[event->player][at[event->player]++], std::tuple(event->at, event->score));
  }
}

TEST(SimulationStream, EveryKindIsCastAndActsOnlyAfterItsOnset) {
  Stream stream(sparse(), {.seed = 3, .players = 400, .cheater_share = 0.5, .days = kDays});
  std::map<Kind, std::uint64_t> cast;
  for (const Player& player : stream.players()) ++cast[player.kind];
  EXPECT_EQ(cast[Kind::honest], 200U);
  EXPECT_EQ(cast.size(), kKinds);
  std::map<Kind, std::uint64_t> illicit;
  while (const auto event = stream.next()) {
    const Player& player = stream.players()[event->player];
    if (!event->illicit) continue;
    ++illicit[player.kind];
    ASSERT_NE(player.kind, Kind::honest);
    ASSERT_GE(event->at, player.onset - 1e-6);
  }
  for (std::size_t kind = 1; kind < kKinds; ++kind) EXPECT_GT(illicit[static_cast<Kind>(kind)], 0U) << kind;
}

TEST(SimulationStream, TheShareOfCheatersIsExact) {
  for (const double share : {0.005, 0.02, 0.05, 0.15}) {
    std::size_t cheaters = 0;
    for (const Player& player : make_players(Parameters(), {.players = 2000, .cheater_share = share})) {
      cheaters += player.kind == Kind::honest ? 0U : 1U;
    }
    EXPECT_EQ(cheaters, static_cast<std::size_t>(share * 2000 + 0.5));
  }
}

TEST(SimulationStream, AnOutageEndsWithEverybodysBacklog) {
  Parameters parameters;
  parameters.outage_day = 1.8;
  Stream stream(parameters, {.seed = 2, .players = 400, .days = 2});
  const Seconds from = 1.8 * kDay;
  std::size_t within = 0;
  std::size_t after = 0;
  while (const auto event = stream.next()) {
    if (event->at > from + 1 && event->at < from + 59) ++within;
    if (event->at >= from + 60 && event->at < from + 63) ++after;
  }
  EXPECT_LT(within, 20U);
  EXPECT_GT(after, 200U);
}

TEST(SimulationStream, AMemberOfAFarmKeepsTheOthersTime) {
  Stream stream(sparse(), {.seed = 9, .players = 300, .cheater_share = 0.3, .days = kDays});
  std::map<std::uint32_t, std::map<std::int64_t, std::set<std::uint32_t>>> together;  // group, half second
  while (const auto event = stream.next()) {
    const Player& player = stream.players()[event->player];
    if (player.kind != Kind::farm || !event->illicit) continue;
    together[player.group][static_cast<std::int64_t>(event->at * 2)].insert(event->player);
  }
  ASSERT_FALSE(together.empty());
  for (const auto& [group, moments] : together) {
    std::size_t shared = 0;
    for (const auto& [at, players] : moments) shared += players.size() >= 4 ? 1U : 0U;
    EXPECT_GT(shared * 3, moments.size()) << group;
  }
}

TEST(SimulationStream, AtOnceEverybodyPlaysFromTheStart) {
  Stream stream(Parameters(), {.seed = 1, .players = 50, .cheater_share = 0.1, .days = 1000, .at_once = true});
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(stream.next()->player);
  EXPECT_EQ(seen.size(), 50U);
}

}  // namespace
}  // namespace liveops::simulation
