#include "core/verdict.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <optional>
#include <string>

namespace liveops::core {
namespace {

StandingChange sample() {
  return {.player_id = PlayerId::trusted("p-42"),
          .blocked = true,
          .until = parse_rfc3339("2026-11-22T19:00:00Z").value(),
          .version = 3,
          .at = parse_rfc3339("2026-11-22T18:00:00Z").value(),
          .reason = "too fast for \"honest\" play"};
}

TEST(StandingChange, SpellsOutTheChange) {
  const Envelope envelope = encode_standing_change(sample());
  EXPECT_EQ(envelope.type, "verdict");
  EXPECT_EQ(envelope.key, "p-42");
  EXPECT_EQ(envelope.body, R"({"v":1,"player_id":"p-42","blocked":true,"until":"2026-11-22T19:00:00Z","version":3,)"
                           R"("at":"2026-11-22T18:00:00Z","reason":"too fast for \"honest\" play"})");
}

TEST(StandingChange, NamesADisqualificationAndWhatWasOverturned) {
  StandingChange change = sample();
  change.disqualified = Disqualification{parse_rfc3339("2026-11-20T00:00:00Z").value(), "bot"};
  change.overturned_since = parse_rfc3339("2026-11-21T00:00:00Z").value();
  const std::string& body = encode_standing_change(change).body;
  EXPECT_TRUE(body.ends_with(R"(,"disqualified_since":"2026-11-20T00:00:00Z","disqualified_reason":"bot",)"
                             R"("overturned_since":"2026-11-21T00:00:00Z"})"))
      << body;
}

TEST(StandingChange, HasOneIdPerPlayerAndVersion) {
  StandingChange repeat = sample();
  repeat.reason = "said otherwise";
  EXPECT_EQ(encode_standing_change(repeat).id, encode_standing_change(sample()).id);
  StandingChange next = sample();
  next.version = 4;
  EXPECT_NE(encode_standing_change(next).id, encode_standing_change(sample()).id);
}

TEST(StandingChange, RefusesWhatIsNotItsOwnWireForm) {
  const Envelope good = encode_standing_change(sample());
  ASSERT_TRUE(decode_standing_change(good));
  for (std::size_t size = 0; size < good.body.size(); ++size) {
    Envelope cut = good;
    cut.body.resize(size);
    EXPECT_EQ(decode_standing_change(cut).error().code, Errc::corrupt) << size;
  }
  Envelope other = good;
  other.type = "progression";
  EXPECT_EQ(decode_standing_change(other).error().code, Errc::corrupt);
  other = good;
  other.key = "p-43";
  EXPECT_EQ(decode_standing_change(other).error().code, Errc::corrupt);
  other = good;
  other.body.replace(other.body.find("true"), 4, "1234");
  EXPECT_EQ(decode_standing_change(other).error().code, Errc::corrupt);
}

TEST(StandingChange, GivesBackEveryChange) {
  EXPECT_TRUE(rc::check([](bool blocked, bool ends) {
    StandingChange change = sample();
    change.blocked = blocked;
    if (!ends) change.until = std::nullopt;
    change.version = *rc::gen::inRange<std::int64_t>(0, kMaxExactInteger);
    change.reason = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    if (*rc::gen::arbitrary<bool>()) {
      change.disqualified = Disqualification{change.at - std::chrono::hours(5), change.reason + "?"};
    }
    if (*rc::gen::arbitrary<bool>()) change.overturned_since = change.at - std::chrono::microseconds(7);
    const auto decoded = decode_standing_change(encode_standing_change(change));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->player_id == change.player_id);
    RC_ASSERT(decoded->blocked == change.blocked);
    RC_ASSERT(decoded->until == change.until);
    RC_ASSERT(decoded->version == change.version);
    RC_ASSERT(decoded->at == change.at);
    RC_ASSERT(decoded->reason == change.reason);
    RC_ASSERT(decoded->disqualified == change.disqualified);
    RC_ASSERT(decoded->overturned_since == change.overturned_since);
  }));
}

TEST(VerdictAction, NamesReadBack) {
  for (const auto action : {VerdictAction::allow, VerdictAction::throttle, VerdictAction::block}) {
    EXPECT_EQ(parse_verdict_action(to_string(action)), action);
  }
  EXPECT_EQ(parse_verdict_action("maybe"), std::nullopt);
}

}  // namespace
}  // namespace liveops::core
