#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

#include "fairness/engine.hpp"
#include "fairness/test_traffic.hpp"

namespace liveops::fairness {
namespace {

using core::VerdictAction;
using std::chrono::seconds;
using test::Game;
using test::small_rules;
using test::TestPlayer;
using test::Traffic;

struct Tally {
  int players = 0;
  int flagged = 0;  // or more
  int refused = 0;  // throttled or blocked
  int blocked = 0;
};

Tally tally(const std::vector<TestPlayer>& players, bool cheaters) {
  Tally result;
  for (const TestPlayer& player : players) {
    if (player.cheats() != cheaters) continue;
    ++result.players;
    result.flagged += player.flags + player.throttles + player.blocks > 0 ? 1 : 0;
    result.refused += player.throttles + player.blocks > 0 ? 1 : 0;
    result.blocked += player.blocks > 0 ? 1 : 0;
  }
  return result;
}

/// Which checks spoke of honest players, to be told when a test fails.
std::string accusers(const std::vector<TestPlayer>& players) {
  std::string names;
  for (std::size_t i = 0; i < kDetectors; ++i) {
    const auto count = std::ranges::count_if(
        players, [i](const TestPlayer& player) { return !player.cheats() && (player.found_by >> i & 1U) != 0; });
    if (count > 0) names += " " + std::string(core::to_string(static_cast<Detector>(i))) + ":" + std::to_string(count);
  }
  return names;
}

/// Three games that have nothing in common.
const Game kArcade{};
const Game kIdle{
    .award = 5e7, .award_sigma = 1.2, .skill_sigma = 0.8, .jackpots = 0, .interval_s = 45, .interval_sigma = 0.9};
const Game kShooter{
    .award = 4, .award_sigma = 0.3, .skill_sigma = 0.15, .jackpots = 5e-3, .interval_s = 0.5, .interval_sigma = 0.7};

struct Setting {
  const char* name;
  Game game;
  std::size_t players;
  std::uint64_t seed;
};

void PrintTo(const Setting& setting, std::ostream* out) {
  *out << setting.name;
}

class HonestTraffic : public ::testing::TestWithParam<Setting> {
 protected:
  Engine engine_{small_rules()};
  Traffic traffic_{engine_, GetParam().players, GetParam().seed, GetParam().game};

  void expect_nobody_found() {
    const Tally honest = tally(traffic_.players(), false);
    EXPECT_EQ(honest.flagged, 0) << traffic_.events() << " events" << accusers(traffic_.players());
    EXPECT_EQ(honest.refused, 0);
  }
};

TEST_P(HonestTraffic, FlagsNobody) {
  traffic_.play_events(800);
  expect_nobody_found();
}

TEST_P(HonestTraffic, AnOutageBacklogOfEverybodyWithinTwoSecondsBlocksAndFlagsNobody) {
  traffic_.play_events(200);
  traffic_.outage(std::chrono::duration<double>(25 * GetParam().game.interval_s));
  traffic_.play_events(100);
  expect_nobody_found();
}

TEST_P(HonestTraffic, ADoubleXpHourPunishesNobody) {
  traffic_.play_events(300);
  traffic_.play_events(300, 2.0);
  traffic_.play_events(100);
  expect_nobody_found();
}

TEST_P(HonestTraffic, ADoubleXpDayPunishesNobodyWhereFewPlay) {
  Engine engine{small_rules()};
  Traffic few(engine, 45, GetParam().seed + 100, GetParam().game);
  few.play_events(500);
  few.play_events(800, 2.0);
  few.play_events(200);
  EXPECT_EQ(tally(few.players(), false).flagged, 0) << accusers(few.players());
}

TEST_P(HonestTraffic, NetworksThatStallAndLetGoInABunchPunishNobody) {
  traffic_.play_events(200);
  for (int stall = 0; stall < 10; ++stall) {
    traffic_.outage(std::chrono::duration<double>(8 * GetParam().game.interval_s), 20);
    traffic_.play_events(15);
  }
  expect_nobody_found();
}

TEST_P(HonestTraffic, AnIdleModePunishesNobody) {
  traffic_.play_events(200);
  for (int turn = 0; turn < 2; ++turn) {
    for (std::size_t i = 0; i < 15; ++i) traffic_.players()[i].idles = true;
    traffic_.play_events(700);
    for (std::size_t i = 0; i < 15; ++i) traffic_.players()[i].idles = false;
    traffic_.play_events(150);
  }
  expect_nobody_found();
}

TEST_P(HonestTraffic, EvidenceGrowsByNoMoreThanOneAnEvent) {
  traffic_.play_events(600);
  std::array<double, kAccounts> sum{};
  std::array<double, kAccounts> squares{};
  double events = 0;
  for (std::size_t shard = 0; shard < Engine::kShards; ++shard) {
    std::array<PlayerState, 64> states;
    for (std::size_t from = 0, count = 0; (count = engine_.copy_players(shard, from, states)) > 0; from += count) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t account = 0; account < kAccounts; ++account) {
          const double evidence = states[i].evidence[account].value();
          sum[account] += evidence;
          squares[account] += evidence * evidence;
        }
        events += states[i].events;
      }
    }
  }
  const auto n = static_cast<double>(traffic_.players().size());
  for (std::size_t account = 0; account < kAccounts; ++account) {
    const double mean = sum[account] / n;
    const double error = std::sqrt(std::max(0.0, squares[account] / n - mean * mean) / n);
    EXPECT_LE(mean - 4 * error, events / n) << "account " << account << ": E[R_n] <= n";
  }
}

TEST_P(HonestTraffic, ANewcomerAmongThemIsNotJudgedByHisFirstEvents) {
  traffic_.play_events(200);
  for (std::uint32_t n = 1; n <= 10; ++n) {
    const Decision decision =
        engine_.evaluate(test::make_observation("newcomer", n, 1'000'000'000'000), traffic_.now());
    EXPECT_EQ(decision.count, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Games, HonestTraffic,
                         ::testing::Values(Setting{"arcade", kArcade, 400, 1}, Setting{"arcade again", kArcade, 400, 2},
                                           Setting{"idle", kIdle, 300, 3}, Setting{"shooter", kShooter, 300, 4}));

class Cheats : public ::testing::TestWithParam<Setting> {
 protected:
  Engine engine_{small_rules()};
  Traffic traffic_{engine_, GetParam().players, GetParam().seed, GetParam().game};

  /// The first `count` players begin to cheat after a while of honest play.
  template <class Cheat>
  void begin(std::size_t count, Cheat cheat) {
    traffic_.play_events(300);
    for (std::size_t i = 0; i < count; ++i) cheat(traffic_.players()[i]);
  }

  void expect_all_found(int within_events) {
    const Tally cheaters = tally(traffic_.players(), true);
    EXPECT_EQ(cheaters.flagged, cheaters.players);
    EXPECT_EQ(tally(traffic_.players(), false).flagged, 0) << accusers(traffic_.players());
    std::vector<int> delays;
    for (const TestPlayer& player : traffic_.players()) {
      if (player.cheats()) delays.push_back(player.until_found);
    }
    std::ranges::sort(delays);
    EXPECT_LE(delays[delays.size() / 2], within_events);
  }
};

TEST_P(Cheats, InflatedAwardsAreFound) {
  const double boost = std::exp(3 * GetParam().game.award_sigma);
  begin(10, [boost](TestPlayer& player) { player.boost = boost; });
  traffic_.play_events(150);
  expect_all_found(60);
}

TEST_P(Cheats, InjectionsAreFound) {
  begin(5, [](TestPlayer& player) { player.inject = 0.2; });
  traffic_.play_events(300);
  expect_all_found(150);
}

TEST_P(Cheats, SpeedHacksAreFound) {
  const double speed = std::exp(2.5 * GetParam().game.interval_sigma);
  begin(10, [speed](TestPlayer& player) { player.speed = speed; });
  traffic_.play_events(100);
  expect_all_found(200);
}

TEST_P(Cheats, ClockworkIsFound) {
  begin(4, [](TestPlayer& player) { player.clockwork = 0.01; });
  traffic_.play_events(300);
  expect_all_found(200);
}

TEST_P(Cheats, ShadowFindsTheSameAndRefusesNobody) {
  core::FairnessRules rules = small_rules();
  for (core::EvidenceRule* rule : {&rules.evidence.tempo, &rules.evidence.award_level, &rules.evidence.award_tail,
                                   &rules.evidence.velocity, &rules.evidence.timing}) {
    rule->mode = core::RuleMode::shadow;
  }
  engine_.use_rules(rules);
  begin(5, [](TestPlayer& player) { player.boost = 50; });
  int noted = 0;
  for (int i = 0; i < 100; ++i) {
    traffic_.pause(std::chrono::microseconds(static_cast<std::int64_t>(GetParam().game.interval_s * 1e6)));
    const Decision decision = traffic_.play(traffic_.players()[0], traffic_.now());
    ASSERT_EQ(decision.action, VerdictAction::allow);
    for (const Finding& finding : decision.found()) noted += finding.mode == core::RuleMode::shadow ? 1 : 0;
  }
  EXPECT_GE(noted, 1);
}

INSTANTIATE_TEST_SUITE_P(Games, Cheats,
                         ::testing::Values(Setting{"arcade", kArcade, 400, 11}, Setting{"idle", kIdle, 300, 12},
                                           Setting{"shooter", kShooter, 300, 13}));

TEST(Population, SaysNothingWhileItIsSmall) {
  Engine engine(small_rules());
  Traffic traffic(engine, 12, 13);
  traffic.play_events(100);
  traffic.players()[0].boost = 1000;
  traffic.play_events(400);
  EXPECT_EQ(tally(traffic.players(), true).flagged, 0);
}

TEST(Population, SeveralWhoCheatAtOnceMaskNobody) {
  Engine engine(small_rules());
  Traffic traffic(engine, 400, 14);
  traffic.play_events(200);
  for (std::size_t i = 0; i < 60; ++i) traffic.players()[i].boost = 8;  // 15 %
  traffic.play_events(200);
  EXPECT_GE(tally(traffic.players(), true).flagged, 58);
  EXPECT_LE(tally(traffic.players(), false).flagged, 1);
}

TEST(Engine, TheSameTrafficGivesTheSameDecisions) {
  const auto count_flags = [] {
    Engine engine(small_rules());
    Traffic traffic(engine, 100, 17);
    traffic.play_events(100);
    for (std::size_t i = 0; i < 10; ++i) traffic.players()[i].boost = 5;
    traffic.play_events(150);
    std::vector<int> flags;
    for (const TestPlayer& player : traffic.players()) flags.push_back(player.flags * 1000 + player.throttles);
    return flags;
  };
  EXPECT_EQ(count_flags(), count_flags());
}

}  // namespace
}  // namespace liveops::fairness
