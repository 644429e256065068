// The audit over both services on their real stores: when the books balance, and when not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/integration/audit/events.hpp"
#include "tests/integration/audit/services.hpp"

namespace liveops::test {
namespace {

using audit::Difference;
using testing::Contains;
using testing::Field;
using testing::IsEmpty;

std::string text(std::uint64_t number) {
  return std::to_string(number);
}

/// Of any player and kind; every third drop is one that somebody may have claimed before.
core::Event random_event(int number, std::mt19937& random) {
  const auto player = "p" + text(random() % 40);
  const auto happened = at(kNoon) - std::chrono::seconds(random() % 300);
  const auto make = [&](core::EventType type, std::string payload) {
    return event(number, player, type, std::move(payload), happened, at(kNoon));
  };
  switch (random() % 4) {
    case 0:
      return make(core::EventType::drop_claimed, R"({"drop_id":"d)" + text(random() % 3 == 0 ? random() % 30 : number) +
                                                     R"(","item_id":"gem","quantity":)" + text(1 + random() % 9) + "}");
    case 1:
      return make(core::EventType::boss_kill,
                  R"({"boss_id":"dragon","difficulty":"hard","duration_ms":)" + text(1000 + random() % 100) + "}");
    case 2:
      return make(core::EventType::boss_kill, R"({"boss_id":"unknown-to-the-rules","xp":)" + text(random() % 50) + "}");
    default:
      return make(core::EventType::progression,
                  R"({"xp":)" + text(random() % 200) + R"(,"score":)" + text(random() % 500) + R"(,"own":"\u0000"})");
  }
}

class AuditTest : public testing::TestWithParam<BookStoresCase> {
 protected:
  void take_in_few() {
    services.take_in(few_events());
    services.claim("a", "first-steps");
  }
  std::vector<Difference> differences(bool offline = true) { return services.audit(offline).differences.first(); }

  Services services{GetParam(), audited_rules(), at(kNoon)};
};

TEST_P(AuditTest, EmptyBooksBalance) {
  const auto report = services.audit();
  EXPECT_EQ(report.differences.count(), 0U);
  EXPECT_EQ(report.events + report.players + report.standings + report.members, 0U);
}

TEST_P(AuditTest, BalancesAfterEventsOfEveryKindDeliveredTwice) {
  std::mt19937 random(20261122);
  std::vector<core::Event> events;
  for (int n = 0; n < 1500; ++n) events.push_back(random_event(n, random));
  for (int round = 0; round < 2; ++round) {
    std::ranges::shuffle(events, random);
    for (std::size_t first = 0; first < events.size(); first += 300) {
      services.take_in({events.begin() + static_cast<std::ptrdiff_t>(first),
                        events.begin() + static_cast<std::ptrdiff_t>(first + 300)});
    }
  }
  services.claim("p1", "dragon-slayer");
  services.block("p3");
  services.disqualify("p4");
  const auto report = services.audit();
  EXPECT_THAT(report.differences.first(), IsEmpty());
  EXPECT_EQ(report.events, 1500U);
  EXPECT_EQ(report.players, 40U);
  EXPECT_GT(report.drops, 200U);
  EXPECT_TRUE(report.ranks_compared);
  EXPECT_EQ(report.tables, 5U * 3U);
  EXPECT_GT(report.hidden_standings, 0U);
  EXPECT_EQ(report.members + report.hidden_standings, report.standings);
}

TEST_P(AuditTest, ExplainsWhatCameForAPeriodThatWasSealed) {
  take_in_few();
  services.clock.set(at("2026-11-19T00:05:00Z"));
  const auto in_grace = event(20, "a", core::EventType::progression, R"({"xp":9,"score":9000})",
                              at("2026-11-18T23:59:00Z"), at("2026-11-19T00:05:00Z"));
  services.take_in_progression({in_grace});
  services.clock.set(at("2026-11-19T00:30:00Z"));
  services.upkeep();
  const auto late = event(21, "b", core::EventType::progression, R"({"xp":4,"score":5})", at("2026-11-18T23:58:00Z"),
                          at("2026-11-19T00:30:00Z"));
  services.take_in({late});
  services.take_in_leaderboard({in_grace});
  const auto report = services.audit();
  EXPECT_THAT(report.differences.first(), IsEmpty());
  EXPECT_EQ(report.sealed_tables, 5U) << "the day's";
  EXPECT_EQ(report.notes.after_sealing, 3U) << "score, xp and latest of player a";
  EXPECT_EQ(report.notes.moved, 3U) << "score, xp and latest of player b";
}

TEST_P(AuditTest, SeesWhatOneServiceHasAndTheOtherHasNot) {
  take_in_few();
  services.take_in_progression({event(30, "a", core::EventType::progression, R"({"xp":5,"score":1})")});
  EXPECT_THAT(differences(), Contains(Field(&Difference::where, "xp/daily/" + std::string(kDay))));
  services.take_in_leaderboard({event(30, "a", core::EventType::progression, R"({"xp":5,"score":1})")});
  EXPECT_THAT(differences(), IsEmpty()) << "it has caught up";
  services.take_in_leaderboard({event(31, "c", core::EventType::progression, R"({"xp":5})")});
  const auto only_ranked = differences();
  ASSERT_EQ(only_ranked.size(), 3U) << "xp in three windows";
  EXPECT_EQ(only_ranked.front().player, "c");
  EXPECT_EQ(only_ranked.front().expected, "none");
}

INSTANTIATE_TEST_SUITE_P(Stores, AuditTest, testing::ValuesIn(all_book_stores()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace liveops::test
