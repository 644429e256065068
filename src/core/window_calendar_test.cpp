#include "core/window_calendar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <thread>
#include <vector>

namespace liveops::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using std::chrono::hours;

Timestamp at(std::string_view text) {
  return parse_rfc3339(text).value();
}

RepeatingSeasons four_weeks() {
  return {.id_prefix = "s", .anchor = std::chrono::year_month_day{2026y, std::chrono::January, 5d}, .length_days = 28};
}

WindowCalendar calendar(std::string zone, std::chrono::weekday week_start = std::chrono::Monday,
                        SeasonRules seasons = four_weeks()) {
  return WindowCalendar::create({.time_zone = std::move(zone), .week_start = week_start, .seasons = std::move(seasons)})
      .value();
}

hours length(const Period& period) {
  return std::chrono::duration_cast<hours>(period.closes_at - period.opens_at);
}

std::vector<std::string> ids(const std::vector<Period>& periods) {
  std::vector<std::string> names;
  for (const auto& period : periods) names.push_back(period.id);
  return names;
}

TEST(WindowCalendar, BeginsDaysAtLocalMidnight) {
  const auto day = calendar("Asia/Seoul").period_at(Window::daily, at("2026-11-22T15:30:00Z")).value();
  EXPECT_EQ(day.id, "2026-11-23");
  EXPECT_EQ(day.opens_at, at("2026-11-22T15:00:00Z"));
  EXPECT_EQ(day.closes_at, at("2026-11-23T15:00:00Z"));
}

TEST(WindowCalendar, GivesDaysOf23And25HoursWhereClocksChange) {
  const auto new_york = calendar("America/New_York");
  EXPECT_EQ(length(new_york.period_by_id(Window::daily, "2026-03-08").value()), 23h);
  EXPECT_EQ(length(new_york.period_by_id(Window::daily, "2026-11-01").value()), 25h);
  EXPECT_EQ(length(new_york.period_by_id(Window::daily, "2026-07-04").value()), 24h);
  EXPECT_EQ(length(new_york.period_by_id(Window::weekly, "2026-03-02").value()), 167h);
  EXPECT_EQ(length(calendar("Asia/Seoul").period_by_id(Window::daily, "2026-03-08").value()), 24h);
  EXPECT_EQ(length(calendar("UTC").period_by_id(Window::daily, "2026-03-08").value()), 24h);
}

TEST(WindowCalendar, BeginsADayAfterItsMissingMidnight) {
  const auto sao_paulo = calendar("America/Sao_Paulo");
  const auto day = sao_paulo.period_by_id(Window::daily, "2018-11-04").value();
  EXPECT_EQ(day.opens_at, at("2018-11-04T03:00:00Z"));
  EXPECT_EQ(length(day), 23h);
  EXPECT_EQ(sao_paulo.period_at(Window::daily, day.opens_at - 1us)->id, "2018-11-03");
  EXPECT_EQ(length(sao_paulo.period_by_id(Window::daily, "2018-02-17").value()), 25h);
  EXPECT_EQ(calendar("Africa/Cairo").period_by_id(Window::daily, "2024-04-26")->opens_at, at("2024-04-25T22:00:00Z"));
  EXPECT_EQ(length(calendar("Asia/Beirut").period_by_id(Window::daily, "2022-03-27").value()), 23h);
}

TEST(WindowCalendar, BeginsADayAtTheFirstOfTwoMidnights) {
  // Until 2011 Newfoundland's clocks went back from 00:01 to 23:01 of the day before.
  const auto day = calendar("America/St_Johns").period_by_id(Window::daily, "2010-11-07").value();
  EXPECT_EQ(day.opens_at, at("2010-11-07T02:30:00Z"));
  EXPECT_EQ(calendar("America/St_Johns").period_at(Window::daily, at("2010-11-07T02:45:00Z"))->id, "2010-11-07");
}

TEST(WindowCalendar, LeavesOutADayThatAZoneSkipped) {
  const auto apia = calendar("Pacific/Apia");
  EXPECT_EQ(apia.period_at(Window::daily, at("2011-12-30T09:59:59Z"))->id, "2011-12-29");
  EXPECT_EQ(apia.period_at(Window::daily, at("2011-12-30T10:00:00Z"))->id, "2011-12-31");
  EXPECT_EQ(apia.period_by_id(Window::daily, "2011-12-30").error().code, Errc::not_found);
  EXPECT_THAT(ids(apia.closed_between(Window::daily, at("2011-12-29T12:00:00Z"), at("2012-01-01T12:00:00Z"), 9)),
              ElementsAre("2011-12-29", "2011-12-31", "2012-01-01"));
}

TEST(WindowCalendar, HonoursTheWeekStart) {
  const auto wednesday = at("2026-11-25T12:00:00Z");
  EXPECT_EQ(calendar("UTC", std::chrono::Monday).period_at(Window::weekly, wednesday)->id, "2026-11-23");
  EXPECT_EQ(calendar("UTC", std::chrono::Sunday).period_at(Window::weekly, wednesday)->id, "2026-11-22");
  EXPECT_EQ(calendar("UTC", std::chrono::Wednesday).period_at(Window::weekly, wednesday)->id, "2026-11-25");
  EXPECT_EQ(calendar("UTC", std::chrono::Thursday).period_at(Window::weekly, wednesday)->id, "2026-11-19");
}

TEST(WindowCalendar, NumbersRepeatingSeasonsFromOne) {
  const auto seoul = calendar("Asia/Seoul");
  EXPECT_EQ(seoul.period_at(Window::seasonal, at("2026-01-04T14:59:59Z")), std::nullopt);
  const auto first = seoul.period_at(Window::seasonal, at("2026-01-04T15:00:00Z")).value();
  EXPECT_EQ(first.id, "s1");
  EXPECT_EQ(first.closes_at, at("2026-02-01T15:00:00Z"));
  EXPECT_EQ(seoul.period_at(Window::seasonal, first.closes_at)->id, "s2");
  EXPECT_EQ(seoul.period_by_id(Window::seasonal, "s1").value(), first);
  for (const char* bad : {"s0", "s01", "s", "1", "s-1", "s1x", "t1", "s9999999999"}) {
    EXPECT_THAT(seoul.period_by_id(Window::seasonal, bad).error().message, HasSubstr("s1, s2")) << bad;
  }
}

TEST(WindowCalendar, KeepsListedSeasonsAndTheGapsBetweenThem) {
  const SeasonRules seasons =
      std::vector<ListedSeason>{{SeasonId::trusted("winter"), at("2026-12-01T00:00:00Z"), at("2027-03-01T00:00:00Z")},
                                {SeasonId::trusted("autumn"), at("2026-09-01T00:00:00Z"), at("2026-11-01T00:00:00Z")}};
  const auto listed = calendar("UTC", std::chrono::Monday, seasons);
  EXPECT_EQ(listed.period_at(Window::seasonal, at("2026-10-31T23:59:59Z"))->id, "autumn");
  EXPECT_EQ(listed.period_at(Window::seasonal, at("2026-11-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(listed.period_at(Window::seasonal, at("2026-12-01T00:00:00Z"))->id, "winter");
  EXPECT_THAT(listed.period_by_id(Window::seasonal, "spring").error().message, HasSubstr("autumn, winter"));
  EXPECT_THAT(ids(listed.closed_between(Window::seasonal, at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"), 9)),
              ElementsAre("autumn", "winter"));
}

TEST(WindowCalendar, RefusesRulesThatCannotWork) {
  const auto error = [](WindowRules rules) { return WindowCalendar::create(rules).error().message; };
  const auto season = [](std::string id, std::string_view from, std::string_view to) {
    return ListedSeason{SeasonId::trusted(std::move(id)), at(from), at(to)};
  };
  using Seasons = std::vector<ListedSeason>;
  EXPECT_THAT(error({.time_zone = "Mars/Olympus", .seasons = four_weeks()}), HasSubstr("unknown time zone"));
  EXPECT_THAT(error({.seasons = Seasons{season("a", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")}}),
              HasSubstr("ends before it starts"));
  EXPECT_THAT(error({.seasons = Seasons{season("a", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"),
                                        season("b", "2026-01-02T00:00:00Z", "2026-01-04T00:00:00Z")}}),
              HasSubstr("'a' and 'b' overlap"));
  EXPECT_THAT(error({.seasons = Seasons{season("a", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
                                        season("a", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")}}),
              HasSubstr("listed twice"));
  RepeatingSeasons endless = four_weeks();
  endless.length_days = 0;
  EXPECT_THAT(error({.seasons = endless}), HasSubstr("days long"));
}

TEST(WindowCalendar, SaysWhatAPeriodIsNamed) {
  const auto utc = calendar("UTC");
  for (const char* bad : {"", "today", "2026-02-29", "2026-13-01", "2026-1-1", "2026-11-22Z", "-026-11-22"}) {
    EXPECT_THAT(utc.period_by_id(Window::daily, bad).error().message, HasSubstr("such as 2026-11-22")) << bad;
  }
  EXPECT_THAT(utc.period_by_id(Window::weekly, "2026-11-25").error().message, HasSubstr("2026-11-23"));
}

TEST(WindowCalendar, ListsClosedPeriodsInOrderUpToTheLimit) {
  const auto utc = calendar("UTC");
  const auto from = at("2026-11-20T00:00:00Z");
  EXPECT_THAT(ids(utc.closed_between(Window::daily, from, from + 72h, 9)),
              ElementsAre("2026-11-20", "2026-11-21", "2026-11-22"));
  EXPECT_THAT(ids(utc.closed_between(Window::daily, from - 1us, from + 72h, 2)),
              ElementsAre("2026-11-19", "2026-11-20"));
  EXPECT_THAT(utc.closed_between(Window::daily, from, from + 24h - 1us, 9), IsEmpty());
  EXPECT_THAT(ids(utc.closed_between(Window::seasonal, at("2020-01-01T00:00:00Z"), at("2026-03-03T00:00:00Z"), 9)),
              ElementsAre("s1", "s2"));
}

TEST(WindowCalendar, KeepsSeveralCalendarsApartOnOneThread) {
  const auto time = at("2026-11-22T15:30:00Z");
  const auto utc = calendar("UTC");
  const auto seoul = calendar("Asia/Seoul");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(utc.period_at(Window::daily, time)->id, "2026-11-22");
    EXPECT_EQ(seoul.period_at(Window::daily, time)->id, "2026-11-23");
  }
}

TEST(WindowCalendar, MayBeAskedFromManyThreads) {
  const auto seoul = calendar("Asia/Seoul");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&seoul, i] {
      for (int day = 0; day < 100; ++day) {
        const auto time = at("2026-01-10T12:00:00Z") + 24h * (day + i);
        EXPECT_LE(seoul.period_at(Window::daily, time)->opens_at, time);
      }
    });
  }
}

class AnyZone : public ::testing::TestWithParam<const char*> {};

TEST_P(AnyZone, PeriodsTileTimeAndReadBack) {
  const auto zone = calendar(GetParam(), std::chrono::Sunday,
                             RepeatingSeasons{.id_prefix = "s", .anchor = {1969y, std::chrono::December, 1d}});
  EXPECT_TRUE(rc::check([&zone] {
    const auto window = *rc::gen::element(Window::daily, Window::weekly, Window::seasonal);
    constexpr std::int64_t kEndOf2037 = 2'145'916'800'000'000;
    const Timestamp time{std::chrono::microseconds(*rc::gen::inRange<std::int64_t>(0, kEndOf2037))};
    const auto period = zone.period_at(window, time).value();
    RC_ASSERT(period.opens_at <= time);
    RC_ASSERT(time < period.closes_at);
    RC_ASSERT(zone.period_at(window, period.opens_at) == period);
    RC_ASSERT(zone.period_at(window, period.closes_at - 1us) == period);
    RC_ASSERT(zone.period_at(window, period.closes_at)->opens_at == period.closes_at);
    RC_ASSERT(zone.period_at(window, period.opens_at - 1us)->closes_at == period.opens_at);
    RC_ASSERT(zone.period_by_id(window, period.id).value() == period);
    RC_ASSERT(zone.closed_between(window, period.opens_at, period.closes_at, 9) == std::vector{period});
  }));
}

TEST_P(AnyZone, DaysFollowOneAnotherThroughClockChanges) {
  const auto zone = calendar(GetParam());
  auto day = zone.period_at(Window::daily, at("2009-01-01T12:00:00Z")).value();
  while (day.opens_at < at("2027-01-01T00:00:00Z")) {
    const auto next = zone.period_at(Window::daily, day.closes_at).value();
    ASSERT_EQ(next.opens_at, day.closes_at);
    ASSERT_LT(day.id, next.id);
    ASSERT_GE(length(day), 23h) << day.id;
    ASSERT_LE(length(day), 25h) << day.id;
    day = next;
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, AnyZone,
                         ::testing::Values("UTC", "Asia/Seoul", "America/New_York", "America/Sao_Paulo", "Asia/Beirut",
                                           "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Auckland"));

}  // namespace
}  // namespace liveops::core
