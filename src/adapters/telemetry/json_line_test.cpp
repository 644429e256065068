#include "adapters/telemetry/json_line.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json.hpp>
#include <limits>

#include "adapters/telemetry/json_log.hpp"

namespace liveops::adapters::telemetry {
namespace {

std::string line_of(std::string_view message, std::initializer_list<ports::LogField> fields = {}) {
  return json_line(core::parse_rfc3339("2026-11-22T18:21:24Z").value(), ports::LogLevel::warn, "gateway", message,
                   {fields.begin(), fields.size()});
}

TEST(JsonLine, CarriesTimeLevelServiceMessageAndFieldsInOrder) {
  EXPECT_EQ(
      line_of("slow",
              {{"took_ms", std::int64_t{12}}, {"ratio", 0.5}, {"late", true}, {"board", std::string_view("score")}}),
      R"({"time":"2026-11-22T18:21:24Z","level":"warn","service":"gateway","message":"slow",)"
      R"("took_ms":12,"ratio":0.5,"late":true,"board":"score"})");
}

TEST(JsonLine, IsOneLineOfValidJsonForArbitraryBytes) {
  EXPECT_TRUE(rc::check([](const std::string& message, const std::string& value, const std::string& key) {
    const auto line = line_of(message, {{"k" + key, std::string_view(value)}});
    RC_ASSERT(line.find('\n') == std::string::npos);
    boost::system::error_code error;
    const auto parsed = boost::json::parse(line, error);
    RC_ASSERT(!error);
    RC_ASSERT(parsed.as_object().size() == 5U);
  }));
}

TEST(JsonLine, IsValidJsonForEveryByteAfterEveryLeadByte) {
  for (int lead = 0; lead < 256; ++lead) {
    for (int next = 0; next < 256; ++next) {
      const std::string bytes{static_cast<char>(lead), static_cast<char>(next), '\x80'};
      boost::system::error_code error;
      boost::json::parse(line_of(bytes), error);
      ASSERT_FALSE(error) << lead << ' ' << next;
    }
  }
}

TEST(JsonLine, KeepsValidUtf8AsItIs) {
  const std::string text = "\xC3\xBC \xE2\x82\xAC \xF0\x9F\x8E\xAE \"quoted\"\t\\";
  EXPECT_EQ(boost::json::parse(line_of(text)).at("message").as_string(), text);
}

TEST(JsonLine, ReplacesWhatIsNotUtf8) {
  for (const std::string bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82"}) {
    EXPECT_NE(line_of(bad).find("\xEF\xBF\xBD"), std::string::npos);
  }
}

TEST(JsonLine, TurnsATraceparentIntoATraceId) {
  const auto line =
      line_of("x", {{"traceparent", std::string_view("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")}});
  EXPECT_EQ(boost::json::parse(line).at("trace_id").as_string(), "0af7651916cd43dd8448eb211c80319c");
  EXPECT_FALSE(
      boost::json::parse(line_of("x", {{"traceparent", std::string_view("short")}})).as_object().contains("trace_id"));
}

TEST(JsonLine, FieldsCannotReplaceTheFixedOnes) {
  const auto parsed = boost::json::parse(line_of("real", {{"message", std::string_view("other")}})).as_object();
  EXPECT_EQ(parsed.at("message").as_string(), "real");
  EXPECT_EQ(parsed.at("field_message").as_string(), "other");
}

TEST(JsonLine, WritesNumbersThatJsonLacksAsNull) {
  EXPECT_TRUE(boost::json::parse(line_of("x", {{"n", std::numeric_limits<double>::quiet_NaN()}})).at("n").is_null());
}

TEST(JsonLog, WritesOneLineToStderrForEachEnabledLevel) {
  testing::internal::CaptureStderr();
  {
    core::SystemClock clock;
    JsonLog log(clock, "fairness", ports::LogLevel::warn);
    log.info("not shown");
    log.error("shown {}", {{"why", std::string_view("a\nb")}});
  }
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_EQ(boost::json::parse(text).at("message").as_string(), "shown {}");
}

TEST(JsonLog, LevelNamesAreReadInAnyCaseAndOthersRefused) {
  EXPECT_EQ(parse_log_level("WARN").value(), ports::LogLevel::warn);
  EXPECT_EQ(parse_log_level("").value(), ports::LogLevel::info);
  EXPECT_EQ(parse_log_level("loud").error().code, core::Errc::invalid_argument);
}

}  // namespace
}  // namespace liveops::adapters::telemetry
