#include "adapters/bus_servicebus/entities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::bus_servicebus {

using ports::Topic;
using testing::ElementsAre;

TEST(Entities, ATopicHasASubscriptionForEachGroup) {
  const Options options;
  const Entities entities(options);
  EXPECT_THAT(entities.targets(Topic::events), ElementsAre("liveops-events"));
  EXPECT_THAT(entities.all_targets(), ElementsAre("liveops-events", "liveops-verdicts"));
  EXPECT_EQ(entities.source(Topic::verdicts, "leaderboard"), "liveops-verdicts/Subscriptions/leaderboard");
  EXPECT_EQ(dead_letters_of("q"), "q/$DeadLetterQueue");
}

TEST(Entities, GroupsWithQueuesGetEverythingThere) {
  const Options options{
      .groups = {{Topic::events, "progression", "q-progression"}, {Topic::events, "fairness", "q-fairness"}}};
  const Entities entities(options);
  EXPECT_THAT(entities.targets(Topic::events), ElementsAre("q-progression", "q-fairness"));
  EXPECT_THAT(entities.targets(Topic::verdicts), ElementsAre("liveops-verdicts"));
  EXPECT_EQ(entities.source(Topic::events, "fairness"), "q-fairness");
}

TEST(Entities, ALettersIdReadsBack) {
  const LetterId id{.topic = Topic::verdicts, .group = "progression", .sequence = 17};
  EXPECT_EQ(to_string(id), "verdicts/progression/17");
  EXPECT_EQ(parse_letter_id("verdicts/progression/17"), id);
  for (const auto* text :
       {"", "17", "events/17", "other/g/17", "events/g/", "events/g/x", "events/g/-1", "events/g/1x"}) {
    EXPECT_EQ(parse_letter_id(text), std::nullopt) << text;
  }
}

TEST(Entities, SubscriptionsHaveAzuresNames) {
  EXPECT_TRUE(is_subscription_name("progression-2.b_c"));
  for (const auto* name : {"", "a/b", "-a", "a-", "a b"}) EXPECT_FALSE(is_subscription_name(name)) << name;
  EXPECT_FALSE(is_subscription_name(std::string(51, 'a')));
}

}  // namespace liveops::adapters::bus_servicebus
