#include "core/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace liveops::core {
namespace {

using std::chrono::microseconds;

std::int64_t micros(std::string_view text) {
  const auto time = parse_rfc3339(text);
  EXPECT_TRUE(time.has_value()) << text;
  return time ? time->time_since_epoch().count() : -1;
}

TEST(Rfc3339, ReadsTheExamplesOfTheRfc) {  // section 5.8
  EXPECT_EQ(micros("1985-04-12T23:20:50.52Z"), 482'196'050'520'000);
  EXPECT_EQ(micros("1996-12-19T16:39:57-08:00"), 851'042'397'000'000);
  EXPECT_EQ(micros("1990-12-31T23:59:60Z"), 662'688'000'000'000);
  EXPECT_EQ(micros("1990-12-31T15:59:60-08:00"), 662'688'000'000'000);
}

TEST(Rfc3339, TakesEitherCaseAndAnyOffset) {
  const std::int64_t noon = micros("2026-11-22T12:00:00Z");
  for (const std::string_view text :
       {"2026-11-22t12:00:00z", "2026-11-22T12:00:00+00:00", "2026-11-22T12:00:00-00:00", "2026-11-22T21:00:00+09:00",
        "2026-11-23T11:59:00+23:59", "2026-11-21T12:01:00-23:59", "2026-11-22T17:45:00+05:45"}) {
    EXPECT_EQ(micros(text), noon) << text;
  }
}

TEST(Rfc3339, CutsWhatIsFinerThanAMicrosecond) {
  const std::int64_t second = micros("2026-11-22T12:00:00Z");
  EXPECT_EQ(micros("2026-11-22T12:00:00.1Z"), second + 100'000);
  EXPECT_EQ(micros("2026-11-22T12:00:00.123456Z"), second + 123'456);
  EXPECT_EQ(micros("2026-11-22T12:00:00.1234569999Z"), second + 123'456);
  EXPECT_EQ(micros("2026-11-22T12:00:00." + std::string(400, '9') + "Z"), second + 999'999);
}

TEST(Rfc3339, CountsALeapSecondAsTheNextInstant) {
  EXPECT_EQ(micros("2016-12-31T23:59:60.75Z"), micros("2017-01-01T00:00:00Z"));
}

TEST(Rfc3339, RefusesALeapSecondWithinTheDay) {
  EXPECT_FALSE(parse_rfc3339("2016-12-31T12:00:60Z"));
  EXPECT_FALSE(parse_rfc3339("2016-12-31T23:59:60+09:00"));
}

TEST(Rfc3339, KnowsTheLengthOfEveryMonth) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z"));
  EXPECT_TRUE(parse_rfc3339("2000-02-29T00:00:00Z"));
  for (const std::string_view text :
       {"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-10T00:00:00Z",
        "2026-13-10T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, TakesNoMoreThanTheYears1970To9999InUtc) {
  EXPECT_EQ(micros("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(micros("1969-12-31T23:00:00-01:00"), 0);
  EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:59.999999Z"));
  for (const std::string_view text : {"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "0000-01-01T00:00:00Z",
                                      "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Rfc3339, RefusesWhatIsNotExactlyADateTime) {
  for (const std::string_view text : {"",
                                      "now",
                                      "2026-11-22",
                                      "2026-11-22T12:00:00",
                                      "2026-11-22 12:00:00Z",
                                      "2026-11-22T12:00Z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T12:60:00Z",
                                      "2026-11-22T12:00:61Z",
                                      "2026-11-22T12:00:00.Z",
                                      "2026-11-22T12:00:00,5Z",
                                      "2026-11-22T12:00:00+0900",
                                      "2026-11-22T12:00:00+24:00",
                                      "2026-11-22T12:00:00+09:60",
                                      "2026-11-22T12:00:00+9:00",
                                      "2026-11-22T12:00:00Zx",
                                      " 2026-11-22T12:00:00Z",
                                      "26-11-22T12:00:00Z",
                                      "+026-11-22T12:00:00Z",
                                      "2026-1-22T12:00:00Z",
                                      "2026/11/22T12:00:00Z",
                                      "2026-11-22T12:00:00Z+00:00"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Errc::invalid_argument);
  }
}

TEST(Rfc3339, RefusesEveryPrefixOfADateTime) {
  const std::string_view whole = "2026-11-22T12:00:00.5+09:00";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(parse_rfc3339(whole.substr(0, length))) << length;
  }
}

TEST(Rfc3339, WritesNoMoreDigitsThanNeeded) {
  const Timestamp second = *parse_rfc3339("2026-11-22T18:21:24Z");
  EXPECT_EQ(format_rfc3339(second), "2026-11-22T18:21:24Z");
  EXPECT_EQ(format_rfc3339(second + microseconds(120'000)), "2026-11-22T18:21:24.120Z");
  EXPECT_EQ(format_rfc3339(second + microseconds(123'456)), "2026-11-22T18:21:24.123456Z");
  EXPECT_EQ(format_rfc3339(second + microseconds(1)), "2026-11-22T18:21:24.000001Z");
  EXPECT_EQ(format_rfc3339(Timestamp{}), "1970-01-01T00:00:00Z");
}

TEST(Rfc3339, ReadsBackWhateverItWrites) {
  EXPECT_TRUE(rc::check("round trip", [] {
    const auto count = *rc::gen::inRange<std::int64_t>(0, 253'402'300'800'000'000);
    const auto step = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000);
    const Timestamp time{microseconds(count / step * step)};
    const auto read = parse_rfc3339(format_rfc3339(time));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == time);
  }));
}

TEST(SystemClock, DoesNotRunBeforeThisCodeWasWritten) {
  EXPECT_GT(SystemClock().now(), *parse_rfc3339("2025-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace liveops::core
