#include "fairness/async/analyst.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "fairness/async/test_play.hpp"

namespace liveops::fairness::async {
namespace {

using test::Act;
using test::Play;
using Habit = Play::Habit;

/// Awards of one session of this many events, `factor` times what they were.
void raise_awards(Play& play, std::size_t player, double factor) {
  play.actors[player].award = factor;
}

TEST(Analyst, LeavesHonestPlayersAlone) {
  Play play(1);
  play.days(10);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
  EXPECT_EQ(play.analyst.players(), 100U);
  EXPECT_EQ(play.analyst.events(), play.sent);
}

TEST(Analyst, FindsAwardsThatRoseALittle) {
  Play play(2);
  play.days(6);
  raise_awards(play, 3, 1.4);
  play.days(6);
  EXPECT_TRUE(play.flagged(3, Check::session_shift));
  EXPECT_EQ(play.wrongly_flagged({3}), std::vector<std::string>());
}

TEST(Analyst, FindsAPlayerWhoseGameRunsFaster) {
  Play play(3);
  play.days(6);
  play.actors[5].speed = 1.8;
  play.days(6);
  EXPECT_TRUE(play.flagged(5, Check::tempo_shift));
  EXPECT_EQ(play.wrongly_flagged({5}), std::vector<std::string>());
}

TEST(Analyst, FindsAnotherHandAtOnce) {
  Play play(4);
  play.days(6);
  raise_awards(play, 7, 3);
  play.actors[7].speed = 1.3;
  play.days(2);
  EXPECT_TRUE(play.flagged(7, Check::session_shift) || play.flagged(7, Check::skill_jump));
  EXPECT_EQ(play.wrongly_flagged({7}), std::vector<std::string>());
}

TEST(Analyst, ADoubleXpDayAndAPatchAreNobodysDoing) {
  Play play(5);
  play.days(5);
  play.game_factor = 2;
  play.days(1);
  play.game_factor = 1;
  play.days(2);
  play.game_factor = 1.3;
  play.days(3);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

TEST(Analyst, FindsACheatBeyondADoubleXpDay) {
  Play play(6);
  play.days(5);
  play.game_factor = 2;
  raise_awards(play, 9, 1.8);
  play.days(3);
  EXPECT_TRUE(play.flagged(9, Check::session_shift));
  EXPECT_EQ(play.wrongly_flagged({9}), std::vector<std::string>());
}

TEST(Analyst, FewWhoLearnAmongManyWhoDoNotAreNoCheats) {
  Play play(22);
  for (std::size_t i = 0; i < play.actors.size(); i += 5) play.actors[i].learns = 1.5;
  play.days(12);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

TEST(Analyst, LearnersAreComparedWithLearners) {
  Play play(7);
  for (std::size_t i = 0; i < play.actors.size(); i += 2) play.actors[i].learns = 1.5;
  play.days(12);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

/// Plays `hours` a day at intervals that `next` gives.
Habit script(double hours, std::function<double(Play&)> next) {
  return [hours, next](Play& play, std::size_t player, double midnight) {
    std::vector<Act> acts;
    for (double at = midnight + 1800; at < midnight + 1800 + 3600 * hours; at += next(play)) {
      acts.push_back({.at = at, .player = player, .payload = play.award(player)});
    }
    return acts;
  };
}

TEST(Analyst, FindsABotByTheShapeOfItsIntervals) {
  Play play(8);
  play.days(3);
  play.days(1, {{11, script(3, [](Play& made) { return 2.0 * std::exp(0.05 * made.normal()); })}});
  EXPECT_TRUE(play.flagged(11, Check::timing));
  EXPECT_EQ(play.wrongly_flagged({11}), std::vector<std::string>());
}

TEST(Analyst, WhoIsFlaggedOnAnotherDayAgainIsToBeQuarantined) {
  for (const bool wanted : {true, false}) {
    Play play(8);
    core::AsyncRules rules;
    rules.quarantine_second_flag = wanted;
    play.analyst.use_rules(rules);
    const auto bot = script(3, [](Play& made) { return 2.0 * std::exp(0.05 * made.normal()); });
    play.days(3);
    play.days(1, {{11, bot}});
    ASSERT_TRUE(play.flagged(11, Check::timing));
    EXPECT_FALSE(play.quarantined(11)) << "the first day";
    play.days(3, {{11, bot}});
    EXPECT_EQ(play.quarantined(11), wanted);
    EXPECT_EQ(play.count(Proposal::quarantine), wanted ? 1U : 0U) << "once";
    if (!wanted) continue;
    play.analyst.pardon(core::PlayerId::trusted(play.actors[11].id));
    play.days(1, {{11, bot}});
    EXPECT_EQ(play.count(Proposal::quarantine), 1U) << "a pardon begins anew";
  }
}

TEST(Analyst, FindsABotThatWasMadeToLookHuman) {
  Play play(9);
  play.days(5);
  play.days(3, {{13, script(4, [](Play& made) { return 2.0 * std::exp(0.6 * made.normal()); })}});
  EXPECT_TRUE(play.noticed(13, Check::timing));
  EXPECT_EQ(play.wrongly_flagged({13}), std::vector<std::string>());
}

TEST(Analyst, FindsAwardsOfWhichSomeAreRaised) {
  Play play(21);
  const Habit handed_over = [](Play& made, std::size_t player, double midnight) {
    auto acts = made.by_hand(player, midnight);
    for (Act& act : acts) {
      auto* win = std::get_if<core::Progression>(&act.payload);
      if (win != nullptr && made.uniform() < 0.4) win->score = 3 * *win->score;
    }
    return acts;
  };
  // From the first event on: there is no past to compare with.
  play.days(8, {{15, handed_over}});
  EXPECT_TRUE(play.flagged(15, Check::award_shape));
  EXPECT_EQ(play.wrongly_flagged({15}), std::vector<std::string>());
}

/// Now and then lets the game tick by itself for an hour of the night, for less than play brings.
std::vector<Act> idle(Play& play, std::size_t player, double midnight) {
  auto acts = play.by_hand(player, midnight);
  if (play.uniform() < 0.4) return acts;
  const double start = midnight + 3600 * (1 + play.uniform());
  for (int i = 0; i < 240; ++i) {
    acts.push_back({.at = start + 6.0 * i,
                    .player = player,
                    .payload = core::Progression{.xp = 5, .score = 20 + static_cast<int>(player % 5)}});
  }
  return acts;
}

TEST(Analyst, AnIdleModeIsPartOfTheGame) {
  Play play(10);
  std::vector<std::pair<std::size_t, Habit>> idlers;
  for (std::size_t player = 0; player < 8; ++player) idlers.emplace_back(player, idle);
  play.days(8, idlers);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

TEST(Analyst, TicksOfTheServerDoNotSpoilTheIntervals) {
  Play play(11);
  const Habit ticking = [](Play& made, std::size_t player, double midnight) {
    auto acts = made.by_hand(player, midnight);
    const std::size_t own = acts.size();
    for (std::size_t i = 0; i + 1 < own; ++i) {
      if (acts[i + 1].at - acts[i].at > 60) continue;
      // Every 5 s of play a drop from the server.
      for (double at = std::ceil(acts[i].at / 5) * 5; at < acts[i + 1].at; at += 5) {
        acts.push_back({.at = at,
                        .player = player,
                        .payload = core::DropClaimed{.drop_id = core::DropId::trusted("d"),
                                                     .item_id = core::ItemId::trusted("coin"),
                                                     .quantity = 1,
                                                     .rarity = {}}});
      }
    }
    return acts;
  };
  std::vector<std::pair<std::size_t, Habit>> everybody;
  for (std::size_t player = 0; player < play.actors.size(); ++player) everybody.emplace_back(player, ticking);
  play.days(6, everybody);
  play.actors[17].speed = 2.5;
  play.days(6, everybody);
  EXPECT_TRUE(play.flagged(17, Check::tempo_shift) || play.flagged(17, Check::skill_jump));
  EXPECT_EQ(play.wrongly_flagged({17}), std::vector<std::string>());
}

/// The same forty events over and over, their intervals a little off.
Habit replay(std::vector<Act> tape) {
  return [tape = std::move(tape)](Play& play, std::size_t player, double midnight) {
    std::vector<Act> acts;
    double at = midnight + 18 * 3600;
    for (int lap = 0; lap < 5; ++lap) {
      for (std::size_t i = 0; i < tape.size(); ++i) {
        acts.push_back({.at = at, .player = player, .payload = tape[i].payload});
        const double taped = i + 1 < tape.size() ? tape[i + 1].at - tape[i].at : 2;
        at += taped * (1 + 0.02 * play.normal());
      }
    }
    return acts;
  };
}

TEST(Analyst, FindsPlayThatWasThereBefore) {
  Play play(12);
  play.days(3);
  play.days(2, {{19, replay(play.session(19, {.start = 0, .events = 40}))}});
  EXPECT_TRUE(play.flagged(19, Check::replay));
  EXPECT_EQ(play.wrongly_flagged({19}), std::vector<std::string>());
}

TEST(Analyst, FindsPlayThatIsAnothersAndSaysWhose) {
  Play play(13);
  play.days(3);
  auto tape = play.session(21, {.start = 3 * 86'400 + 12 * 3600, .events = 60});
  const Habit taped = [&tape](Play&, std::size_t, double) { return tape; };
  const Habit copied = [&tape](Play&, std::size_t player, double) {
    auto acts = tape;
    for (Act& act : acts) {
      act.player = player;
      act.at += 7200;
    }
    return acts;
  };
  play.days(1, {{21, taped}, {23, copied}});
  ASSERT_TRUE(play.flagged(23, Check::replay));
  EXPECT_FALSE(play.flagged(21, Check::replay)) << "whose play was taken has done nothing";
  const auto found = std::ranges::find(play.findings, Check::replay, &Finding::check);
  EXPECT_EQ(found->partner.str(), "p-21");
}

/// Sessions of `group` begin and end together; with `script` they act together, too.
std::vector<std::pair<std::size_t, Habit>> together(const std::vector<std::size_t>& group, bool script) {
  std::vector<std::pair<std::size_t, Habit>> habits;
  for (const std::size_t player : group) {
    habits.emplace_back(player, [script, first = group.front()](Play& play, std::size_t self, double midnight) {
      auto acts = play.session(self, {.start = midnight + 18 * 3600 + 3 * play.uniform(), .events = 400});
      std::erase_if(acts, [&](const Act& act) { return act.at > midnight + 18 * 3600 + 900; });
      if (!script) return acts;
      std::mt19937_64 shared(static_cast<std::uint64_t>(midnight) + first);
      std::normal_distribution<double> normal;
      double at = midnight + 18 * 3600;
      for (Act& act : acts) {
        act.at = at + 0.1 * play.uniform();
        at += 2.5 * std::exp(0.7 * normal(shared));
      }
      return acts;
    });
  }
  return habits;
}

TEST(Analyst, FindsAccountsThatOneScriptPlays) {
  Play play(14);
  play.days(2);
  const std::vector<std::size_t> farm{30, 31, 32, 33, 34};
  play.days(6, together(farm, true));
  for (const std::size_t player : farm) EXPECT_TRUE(play.flagged(player, Check::farm)) << player;
  EXPECT_EQ(play.wrongly_flagged(farm), std::vector<std::string>());
}

TEST(Analyst, FriendsInACafeAreNoFarm) {
  Play play(15);
  play.days(2);
  play.days(8, together({40, 41, 42, 43, 44, 45, 46, 47}, false));
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

TEST(Analyst, PlayWithoutAPauseIsForAReviewOnly) {
  Play play(16);
  play.days(2);
  play.days(1, {{50, script(12, [](Play& made) { return made.interval() * made.actors[50].tempo; })}});
  const auto found = std::ranges::find(play.findings, Check::round_the_clock, &Finding::check);
  ASSERT_NE(found, play.findings.end());
  EXPECT_EQ(found->proposal, Proposal::review);
  EXPECT_GE(found->observed, 10);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

TEST(Analyst, StallsAndBacklogsAreNotHaste) {
  Play play(17);
  const Habit stalled = [](Play& made, std::size_t player, double midnight) {
    auto acts = made.by_hand(player, midnight);
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const double released = std::ceil(acts[i].at / 300) * 300;
      if (released - acts[i].at < 20) acts[i].at = released + 0.001 * static_cast<double>(i % 100);
    }
    return acts;
  };
  play.days(5);
  std::vector<std::pair<std::size_t, Habit>> unlucky;
  for (std::size_t player = 60; player < 70; ++player) unlucky.emplace_back(player, stalled);
  play.days(4, unlucky);
  EXPECT_EQ(play.wrongly_flagged(), std::vector<std::string>());
}

TEST(Analyst, AFewCheatsDoNotHideEachOther) {
  Play play(18, 150);
  play.days(6);
  std::vector<std::size_t> cheats;
  for (std::size_t player = 0; player < 12; ++player) {
    cheats.push_back(player);
    raise_awards(play, player, 1.8);
  }
  play.days(5);
  const auto found =
      std::ranges::count_if(cheats, [&](std::size_t player) { return play.flagged(player, Check::session_shift); });
  EXPECT_GE(found, 10);
  EXPECT_EQ(play.wrongly_flagged(cheats), std::vector<std::string>());
}

TEST(Analyst, APardonedPlayerBeginsAnew) {
  Play play(19);
  play.days(6);
  raise_awards(play, 3, 1.6);
  play.days(5);
  ASSERT_TRUE(play.flagged(3, Check::session_shift));
  const auto player = core::PlayerId::trusted("p-3");
  EXPECT_FALSE(play.analyst.explain(player)->checks.empty());
  play.analyst.pardon(player);
  EXPECT_TRUE(play.analyst.explain(player)->checks.empty());
  EXPECT_FALSE(play.analyst.explain(core::PlayerId::trusted("nobody")));
}

}  // namespace
}  // namespace liveops::fairness::async
