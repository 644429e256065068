#include "audit/standings_account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::audit {
namespace {

using core::BoardOperator;
using core::LateRule;
using core::Window;
using testing::ElementsAre;
using testing::IsEmpty;

const core::PlayerId kPlayer = core::PlayerId::trusted("p-1");

core::Timestamp at(const char* time) {
  return core::parse_rfc3339(time).value();
}

core::BoardRules board(const char* id, BoardOperator op) {
  return {.id = core::BoardId::trusted(id), .op = op, .source = "xp", .events = {core::EventType::progression}};
}

core::GameRules rules(LateRule late) {
  core::GameRules rules;
  rules.windows.late = late;
  rules.windows.grace = std::chrono::minutes(10);
  rules.windows.seasons =
      core::RepeatingSeasons{.id_prefix = "s", .anchor = std::chrono::year(2026) / 11 / 16, .length_days = 28};
  rules.boards = {board("best", BoardOperator::best), board("sum", BoardOperator::sum),
                  board("last", BoardOperator::last)};
  return rules;
}

core::Event event(int number, std::int64_t xp, const char* occurred_at, const char* received_at) {
  core::Event event;
  event.id = core::EventId::derive(core::KeyId::trusted("k"), std::to_string(number));
  event.player_id = kPlayer;
  event.occurred_at = at(occurred_at);
  event.received_at = at(received_at);
  event.payload = core::Progression{.xp = xp, .score = std::nullopt};
  return event;
}

/// Two events of Saturday; one of Sunday 00:05 that happened on Saturday.
class StandingsAccounts : public testing::Test {
 protected:
  const core::Event morning = event(1, 10, "2026-11-21T08:00:00Z", "2026-11-21T08:00:01Z");
  const core::Event noon = event(2, 30, "2026-11-21T12:00:00Z", "2026-11-21T12:00:01Z");
  const core::Event in_grace = event(3, 25, "2026-11-21T23:59:00Z", "2026-11-22T00:05:00Z");

  static core::StandingsId daily(const char* id, const char* day) {
    return {core::BoardId::trusted(id), Window::daily, day};
  }
  static ports::HeldStanding held(const core::StandingsId& table, std::int64_t score, const char* time) {
    return {kPlayer, table, {score, at(time), {}}};
  }

  /// The daily tables that are stored, with their states; weekly and seasonal ones do not matter here.
  void store(const std::vector<std::pair<core::StandingsId, ports::StandingsState>>& states) {
    std::vector<ports::StandingsInfo> infos;
    for (const auto& [id, state] : states) infos.push_back({.spec = {.id = id}, .state = state});
    tables.emplace(*book, std::move(infos));
  }
  void by_rule(LateRule late) { book = leaderboard::BoardBook::create(rules(late)).value(); }

  /// Differences of the daily tables of this board.
  std::vector<Difference> compare(const char* board, const std::vector<core::Event>& events,
                                  const std::vector<ports::HeldStanding>& rows) {
    StandingsAccount account(*book, *tables);
    for (const auto& one : events) account.add(one);
    Differences differences(100);
    notes = {};
    account.compare(kPlayer, rows, notes, differences);
    std::vector<Difference> ours;
    for (const auto& one : differences.first()) {
      if (one.where.starts_with(std::string(board) + "/daily/")) ours.push_back(one);
    }
    return ours;
  }

  std::shared_ptr<const leaderboard::BoardBook> book = leaderboard::BoardBook::create(rules(LateRule::drop)).value();
  std::optional<TableList> tables{std::in_place, *book, std::vector<ports::StandingsInfo>()};
  StandingsNotes notes;
};

TEST_F(StandingsAccounts, JoinEventsAsTheBoardsDo) {
  const std::vector events{morning, noon, in_grace};
  const char* day = "2026-11-21";
  EXPECT_THAT(compare("best", events, {held(daily("best", day), 30, "2026-11-21T12:00:00Z")}), IsEmpty());
  EXPECT_THAT(compare("sum", events, {held(daily("sum", day), 65, "2026-11-21T23:59:00Z")}), IsEmpty());
  auto last = held(daily("last", day), 25, "2026-11-21T23:59:00Z");
  last.mark.event = in_grace.id;
  EXPECT_THAT(compare("last", events, {last}), IsEmpty());
}

TEST_F(StandingsAccounts, NameAStandingThatDiffersIsMissingOrTooMuch) {
  const auto table = daily("sum", "2026-11-21");
  const char* where = "sum/daily/2026-11-21";
  const std::string right = "40 at 2026-11-21T12:00:00Z";
  EXPECT_THAT(compare("sum", {morning, noon}, {held(table, 70, "2026-11-21T12:00:00Z")}),
              ElementsAre(Difference{"standing", "p-1", where, right, "70 at 2026-11-21T12:00:00Z"}));
  EXPECT_THAT(compare("sum", {morning, noon}, {held(table, 40, "2026-11-21T08:00:00Z")}),
              ElementsAre(Difference{"standing", "p-1", where, right, "40 at 2026-11-21T08:00:00Z"}));
  EXPECT_THAT(compare("sum", {morning, noon}, {}), ElementsAre(Difference{"standing", "p-1", where, right, "none"}));
  EXPECT_THAT(compare("sum", {}, {held(table, 40, "2026-11-21T12:00:00Z")}),
              ElementsAre(Difference{"standing", "p-1", where, "none", right}));
}

TEST_F(StandingsAccounts, LateEventsCountNowhereOrWhereTheyWereReceived) {
  const auto late = event(4, 5, "2026-11-21T23:59:00Z", "2026-11-22T00:11:00Z");
  EXPECT_THAT(compare("sum", {late}, {}), IsEmpty());
  EXPECT_EQ(notes.late, 3U) << "one a board";
  by_rule(LateRule::current);
  EXPECT_THAT(compare("sum", {late}, {held(daily("sum", "2026-11-22"), 5, "2026-11-22T00:11:00Z")}), IsEmpty());
  EXPECT_EQ(notes.moved, 3U);
}

TEST_F(StandingsAccounts, OfASealedPeriodNothingIsExpected) {
  store({{daily("sum", "2026-11-21"), ports::StandingsState::sealed}});
  EXPECT_THAT(compare("sum", {morning, noon}, {}), IsEmpty());
  EXPECT_EQ(notes.in_sealed, 2U);
  store({{daily("sum", "2026-11-21"), ports::StandingsState::sealing}});
  EXPECT_THAT(compare("sum", {morning, noon}, {held(daily("sum", "2026-11-21"), 1, "2026-11-21T12:00:00Z")}),
              IsEmpty());
}

TEST_F(StandingsAccounts, WhatCameAfterTheSealIsExplainedByEventsThatMayHave) {
  by_rule(LateRule::current);
  store({{daily("sum", "2026-11-21"), ports::StandingsState::sealed}});
  const auto sunday = event(5, 7, "2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z");
  const auto table = daily("sum", "2026-11-22");
  EXPECT_THAT(compare("sum", {in_grace, sunday}, {held(table, 7, "2026-11-22T09:00:00Z")}), IsEmpty());
  EXPECT_EQ(notes.after_sealing, 0U) << "it counted before the seal";
  EXPECT_THAT(compare("sum", {in_grace, sunday}, {held(table, 32, "2026-11-22T09:00:00Z")}), IsEmpty());
  EXPECT_EQ(notes.after_sealing, 1U);
  EXPECT_THAT(compare("sum", {in_grace}, {held(table, 25, "2026-11-22T00:05:00Z")}), IsEmpty());
  EXPECT_EQ(notes.after_sealing, 1U);
  EXPECT_EQ(compare("sum", {in_grace, sunday}, {held(table, 31, "2026-11-22T09:00:00Z")}).size(), 1U)
      << "no choice of events gives this";
}

TEST_F(StandingsAccounts, BoardsThatTheRulesDoNotKnowAreLeftOut) {
  store({{daily("gone", "2026-11-21"), ports::StandingsState::open}});
  EXPECT_EQ(tables->unruled(), 1U);
  EXPECT_THAT(compare("gone", {}, {held(daily("gone", "2026-11-21"), 1, "2026-11-21T12:00:00Z")}), IsEmpty());
}

TEST_F(StandingsAccounts, AnyNumberOfEventsOfAPlayerIsJoined) {
  std::vector<core::Event> many(2000, morning);
  EXPECT_THAT(compare("sum", many, {held(daily("sum", "2026-11-21"), 20'000, "2026-11-21T08:00:00Z")}), IsEmpty());
}

}  // namespace
}  // namespace liveops::audit
