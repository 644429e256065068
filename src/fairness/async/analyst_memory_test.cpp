#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fairness/async/analyst.hpp"
#include "fairness/async/test_play.hpp"

namespace liveops::fairness::async {
namespace {

using test::Play;

std::string saved(const Analyst& analyst) {
  std::string bytes;
  const auto status = analyst.save([&bytes](std::string_view piece) {
    bytes += piece;
    return core::Status{};
  });
  EXPECT_TRUE(status);
  return bytes;
}

std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.player.str() + " " + std::string(to_string(finding.check)) + " " +
            std::string(to_string(finding.proposal)) + " " + std::to_string(finding.once_in) + " " +
            std::to_string(finding.e_value) + " " + std::to_string(finding.to.time_since_epoch().count()) + "\n";
  }
  return text;
}

/// Four days with cheats, the whole stream and what was found in it.
struct Recorded {
  std::vector<core::Event> events;
  std::string found;
};
Recorded record() {
  Recorded recorded;
  Play play(31, 70);
  play.log = &recorded.events;
  play.days(3);
  play.actors[3].speed = 3;
  play.actors[4].award = 5;
  play.days(3);
  recorded.found = told(play.findings);
  EXPECT_FALSE(recorded.found.empty());
  return recorded;
}

TEST(AnalystMemory, SameEventsGiveTheSameFindings) {
  EXPECT_EQ(record().found, record().found);
}

TEST(AnalystMemory, AnEventThatComesAgainIsNotCountedAgain) {
  const Recorded recorded = record();
  Analyst analyst({}, test::plain_key);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < recorded.events.size(); ++i) {
    analyst.observe(recorded.events[i]);
    if (i % 3 == 0 && i >= 50) analyst.observe(recorded.events[i - 50]);  // a redelivery
    for (Finding& finding : analyst.take_findings()) findings.push_back(std::move(finding));
  }
  EXPECT_EQ(told(findings), recorded.found);
  EXPECT_EQ(analyst.events(), recorded.events.size());
  EXPECT_GT(analyst.duplicates(), recorded.events.size() / 4);
}

TEST(AnalystMemory, ACheckpointGoesOnWhereItWasTaken) {
  const Recorded recorded = record();
  auto analyst = std::make_unique<Analyst>(core::AsyncRules{}, test::plain_key);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < recorded.events.size(); ++i) {
    if (i % 30'000 == 29'999) {
      const std::string bytes = saved(*analyst);
      analyst = std::make_unique<Analyst>(core::AsyncRules{}, test::plain_key);
      ASSERT_TRUE(analyst->restore(bytes));
      // What was counted before the checkpoint and not acked comes again.
      for (std::size_t again = i - 1000; again < i; ++again) analyst->observe(recorded.events[again]);
    }
    analyst->observe(recorded.events[i]);
    for (Finding& finding : analyst->take_findings()) findings.push_back(std::move(finding));
  }
  EXPECT_EQ(told(findings), recorded.found);
}

TEST(AnalystMemory, ABrokenCheckpointChangesNothing) {
  Play play(32, 70);
  play.days(2);
  const std::string bytes = saved(play.analyst);
  Analyst analyst({}, test::plain_key);
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_EQ(analyst.restore(std::string_view(bytes).substr(0, size)).error().code, core::Errc::corrupt) << size;
  }
  std::string flipped = bytes;
  flipped[flipped.size() / 3] = static_cast<char>(flipped[flipped.size() / 3] ^ 1);
  EXPECT_EQ(analyst.restore(flipped).error().code, core::Errc::corrupt);
  EXPECT_EQ(analyst.players(), 0U);
  EXPECT_TRUE(analyst.restore(bytes));
  EXPECT_EQ(analyst.players(), 70U);
}

TEST(AnalystMemory, UnderOtherKeysPlayersComeBackToo) {
  Play play(33, 70);
  play.days(2);
  const auto other = [](std::string_view id) { return PlayerKey{mix(test::plain_key(id).value)}; };
  Analyst analyst({}, other);
  ASSERT_TRUE(analyst.restore(saved(play.analyst)));
  const auto player = core::PlayerId::trusted("p-7");
  EXPECT_EQ(analyst.explain(player)->events, play.analyst.explain(player)->events);
}

TEST(AnalystMemory, StaysWithinItsBound) {
  core::AsyncRules rules;
  rules.max_players = 500;
  Play play(34, 100, rules);
  play.days(2);
  core::Event event;
  event.occurred_at = event.received_at = play.analyst.now();
  event.payload = core::Progression{.xp = 1, .score = 2};
  for (int i = 0; i < 100'000; ++i) {
    event.id = test::id_of(static_cast<std::uint64_t>(i) + 10'000'000);
    event.player_id = core::PlayerId::trusted("invented-" + std::to_string(i));
    event.received_at += std::chrono::milliseconds(5);
    play.analyst.observe(event);
  }
  EXPECT_EQ(play.analyst.players(), 500U);
  EXPECT_GT(play.analyst.turned_away(), 90'000U);
  EXPECT_LE(play.analyst.bytes(), play.analyst.max_bytes());
  EXPECT_TRUE(play.analyst.explain(core::PlayerId::trusted("p-1"))) << "who really plays stays";
}

TEST(AnalystMemory, TheHourlyListNamesCheatsAndHardlyAnybodyElse) {
  Play play(35, 150);
  play.days(5);
  for (std::size_t player = 0; player < 6; ++player) play.actors[player].award = 3;
  play.days(4);
  const auto& list = play.analyst.review_list();
  EXPECT_GE(list.size(), 4U);
  for (const ReviewEntry& entry : list) EXPECT_LT(std::stoi(entry.player.str().substr(2)), 6) << entry.player.str();
  EXPECT_TRUE(std::ranges::is_sorted(list, std::greater<>(), &ReviewEntry::e_value));
}

}  // namespace
}  // namespace liveops::fairness::async
