#include "runtime/delivery_ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

namespace liveops::runtime {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

constexpr core::Timestamp kNow{};
constexpr seconds kVisibility{30};

std::vector<std::uint64_t> offsets(const std::vector<Handout>& handouts) {
  std::vector<std::uint64_t> all;
  for (const auto& handout : handouts) all.push_back(handout.offset);
  return all;
}

}  // namespace

TEST(DeliveryLedger, PositionIsTheLowestMessageNotAcked) {
  DeliveryLedger ledger(10, 15, {});
  const auto held = ledger.take(5, kNow, kVisibility, 1);
  ASSERT_THAT(offsets(held), ElementsAre(10, 11, 12, 13, 14));
  EXPECT_TRUE(ledger.ack(held[1]));
  EXPECT_EQ(ledger.position(), 10U);
  EXPECT_EQ(ledger.backlog(), 4U);
  EXPECT_TRUE(ledger.ack(held[0]));
  EXPECT_EQ(ledger.position(), 12U);
  EXPECT_EQ(ledger.backlog(), 3U);
}

TEST(DeliveryLedger, AHandoutThatRanOutNoLongerCounts) {
  DeliveryLedger ledger(0, 1, {});
  const auto first = ledger.take(1, kNow, kVisibility, 1);
  const auto second = ledger.take(1, kNow + kVisibility, kVisibility, 2);
  EXPECT_THAT(second, ElementsAre(Handout{0, 2}));
  EXPECT_FALSE(ledger.ack(first[0]));
  EXPECT_FALSE(ledger.nack(first[0], kNow));
  EXPECT_FALSE(ledger.extend(first[0], kNow));
  EXPECT_TRUE(ledger.ack(second[0]));
}

TEST(DeliveryLedger, WhatIsPutBackKeepsItsAttempt) {
  DeliveryLedger ledger(0, 1, {});
  ledger.put_back(ledger.take(1, kNow, kVisibility, 1)[0], kNow);
  EXPECT_THAT(ledger.take(1, kNow, kVisibility, 1), ElementsAre(Handout{0, 1}));
}

TEST(DeliveryLedger, ReleaseConcernsOneHolder) {
  DeliveryLedger ledger(0, 2, {});
  ASSERT_THAT(offsets(ledger.take(1, kNow, kVisibility, 1)), ElementsAre(0));
  ASSERT_THAT(offsets(ledger.take(1, kNow, kVisibility, 2)), ElementsAre(1));
  ledger.release(2, kNow);
  EXPECT_THAT(offsets(ledger.take(2, kNow, kVisibility, 3)), ElementsAre(1));
}

TEST(DeliveryLedger, SkippedMessagesAreNeverHandedOut) {
  DeliveryLedger ledger(0, 0, {});
  ledger.skip(0);
  ledger.skip(2);
  ledger.grow_to(3);
  EXPECT_EQ(ledger.backlog(), 1U);
  const auto held = ledger.take(5, kNow, kVisibility, 1);
  EXPECT_THAT(offsets(held), ElementsAre(1));
  EXPECT_TRUE(ledger.ack(held[0]));
  EXPECT_EQ(ledger.position(), 3U);
}

TEST(DeliveryLedger, TheSpanIsBounded) {
  DeliveryLedger ledger(0, 10, {.max_in_flight = 10, .max_span = 3});
  const auto held = ledger.take(10, kNow, kVisibility, 1);
  ASSERT_THAT(offsets(held), ElementsAre(0, 1, 2));
  EXPECT_TRUE(ledger.ack(held[1]));
  EXPECT_THAT(ledger.take(10, kNow, kVisibility, 1), IsEmpty());
  EXPECT_TRUE(ledger.ack(held[0]));
  EXPECT_THAT(offsets(ledger.take(10, kNow, kVisibility, 1)), ElementsAre(3, 4));
}

TEST(DeliveryLedger, TagsSayWhatTheyWereMadeFrom) {
  EXPECT_TRUE(rc::check([](std::uint64_t offset, std::uint32_t attempt) {
    RC_ASSERT(parse_tag(to_tag({offset, attempt})) == (Handout{offset, attempt}));
  }));
  for (const auto* bad : {"", ".", "1", "1.", ".1", "1.2.3", "g.1", "1.2 "}) EXPECT_FALSE(parse_tag(bad)) << bad;
}

TEST(DeliveryLedger, InAnyCourseOfEventsNothingIsLostOrHeldTwice) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
    constexpr std::uint64_t kHead = 50;
    DeliveryLedger ledger(0, kHead, {.max_in_flight = 20, .max_span = 40});
    std::map<std::uint64_t, Handout> held;
    std::uint64_t acked = 0;
    auto now = kNow;
    for (const auto& [action, choice] : steps) {
      if (action % 4 == 0) {
        for (const auto& handout : ledger.take(choice % 8, now, kVisibility, 1)) {
          RC_ASSERT(!held.contains(handout.offset));
          held.emplace(handout.offset, handout);
        }
        continue;
      }
      if (held.empty()) continue;
      const auto chosen = std::next(held.begin(), choice % static_cast<std::ptrdiff_t>(held.size()));
      if (action % 4 == 1) acked += ledger.ack(chosen->second) ? 1 : 0;
      if (action % 4 == 2) RC_ASSERT(ledger.nack(chosen->second, now + seconds(choice)));
      if (action % 4 == 3) {
        now += kVisibility;
        held.clear();
        continue;
      }
      held.erase(chosen);
    }
    RC_ASSERT(ledger.backlog() == kHead - acked);
    now += seconds(1000);
    while (ledger.backlog() > 0) {
      const auto batch = ledger.take(7, now, kVisibility, 1);
      RC_ASSERT(!batch.empty());
      for (const auto& handout : batch) RC_ASSERT(ledger.ack(handout));
    }
    RC_ASSERT(ledger.position() == kHead);
  }));
}

}  // namespace liveops::runtime
