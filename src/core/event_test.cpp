#include "core/event.hpp"

#include <gtest/gtest.h>

namespace liveops::core {
namespace {

TEST(EventType, ReadsBackItsOwnNames) {
  for (const EventType type : {EventType::progression, EventType::boss_kill, EventType::drop_claimed}) {
    EXPECT_EQ(parse_event_type(to_string(type)), type);
  }
  EXPECT_EQ(to_string(EventType::boss_kill), "boss_kill");
}

TEST(EventType, DoesNotKnowOtherNames) {
  for (const std::string_view text : {"", "Progression", "boss_kill ", "boss", "verdict"}) {
    EXPECT_EQ(parse_event_type(text), std::nullopt) << text;
  }
}

TEST(EventType, FollowsFromThePayload) {
  Event event;
  EXPECT_EQ(type_of(event), EventType::progression);
  event.payload = BossKill{};
  EXPECT_EQ(type_of(event), EventType::boss_kill);
  event.payload = DropClaimed{};
  EXPECT_EQ(type_of(event), EventType::drop_claimed);
}

}  // namespace
}  // namespace liveops::core
