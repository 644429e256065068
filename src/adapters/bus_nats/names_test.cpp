#include "adapters/bus_nats/names.hpp"

#include <gtest/gtest.h>

namespace liveops::adapters::bus_nats {

using ports::Topic;

TEST(Names, StreamsAndSubjectsAreUnderThePrefix) {
  const Names names("liveops");
  EXPECT_EQ(names.stream(Topic::events), "LIVEOPS_EVENTS");
  EXPECT_EQ(names.stream(Topic::verdicts), "LIVEOPS_VERDICTS");
  EXPECT_EQ(names.subjects(Topic::events), "liveops.events.>");
  EXPECT_EQ(names.types(Topic::events), "liveops.events.*");
  EXPECT_EQ(names.subject(Topic::events, "boss_kill"), "liveops.events.boss_kill");
  EXPECT_EQ(names.dead_subject(Topic::verdicts, "leaderboard"), "liveops.dead.verdicts.leaderboard");
}

TEST(Names, ATypeThatASubjectCannotHoldGoesUnderOther) {
  const Names names("liveops");
  for (const std::string type : {"", "a.b", "a b", "*", ">", "a\r\nPUB x 0"}) {
    EXPECT_EQ(names.subject(Topic::events, type), "liveops.events.other") << type;
  }
}

TEST(Names, ADeadSubjectSaysWhoseLetterItIs) {
  const Names names("liveops");
  const auto owner = names.parse_dead_subject("liveops.dead.verdicts.leaderboard");
  ASSERT_TRUE(owner.has_value());
  EXPECT_EQ(owner->topic, Topic::verdicts);
  EXPECT_EQ(owner->group, "leaderboard");
  EXPECT_FALSE(names.parse_dead_subject("other.dead.verdicts.leaderboard").has_value());
  EXPECT_FALSE(names.parse_dead_subject("liveops.dead.gossip.leaderboard").has_value());
}

TEST(AckSubject, IsReadInEveryFormThatServersUse) {
  for (const std::string_view subject :
       {"$JS.ACK.LIVEOPS_EVENTS.progression.3.17.25.1795000000123456789.4",
        "$JS.ACK._.ACCHASH.LIVEOPS_EVENTS.progression.3.17.25.1795000000123456789.4",
        "$JS.ACK.hub.ACCHASH.LIVEOPS_EVENTS.progression.3.17.25.1795000000123456789.4.RANDOM"}) {
    const auto ack = parse_ack_subject(subject);
    ASSERT_TRUE(ack.has_value()) << subject;
    EXPECT_EQ(ack->stream, "LIVEOPS_EVENTS");
    EXPECT_EQ(ack->consumer, "progression");
    EXPECT_EQ(ack->deliveries, 3U);
    EXPECT_EQ(ack->sequence, 17U);
    EXPECT_EQ(ack->published_at, "1795000000123456789");
  }
}

TEST(AckSubject, AnythingElseIsNone) {
  for (const std::string_view subject :
       {"", "never-heard-of", "$JS.ACK.", "$JS.ACK.S.C.1.2.3.4", "$JS.ACK.S.C.x.2.3.4.5", "$JS.ACK.S.C.1.-2.3.4.5",
        "$JS.ACK.a.b.c.d.1.2.3.4.5.6.7", "$JS.API.S.C.1.2.3.4.5"}) {
    EXPECT_FALSE(parse_ack_subject(subject).has_value()) << subject;
  }
}

}  // namespace liveops::adapters::bus_nats
