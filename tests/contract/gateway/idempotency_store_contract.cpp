#include "tests/contract/gateway/idempotency_store_contract.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>
#include <vector>

#include "tests/support/run_task.hpp"

namespace liveops::test {
namespace {

using ports::IdempotencyState;
using std::chrono::hours;
using std::chrono::seconds;
using testing::ElementsAre;
using Entry = ports::IdempotencyStore::Entry;

constexpr core::Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

Entry entry(const std::string& key, std::uint8_t fingerprint = 1) {
  return {core::EventId::derive(core::KeyId::trusted("k"), key), {fingerprint}};
}

IdempotencyState begin(ports::IdempotencyStore& store, Entry of, core::Timestamp now = kNow) {
  return run(store.begin({of}, now)).value().front();
}

TEST_P(IdempotencyStoreContract, AKeyIsFreshOnceThenRunningThenDone) {
  const auto store = make();
  EXPECT_EQ(begin(*store, entry("a")), IdempotencyState::fresh);
  EXPECT_EQ(begin(*store, entry("a")), IdempotencyState::running);
  ASSERT_TRUE(run(store->complete({entry("a")}, kNow)));
  EXPECT_EQ(begin(*store, entry("a")), IdempotencyState::done);
}

TEST_P(IdempotencyStoreContract, AnotherFingerprintIsAMismatchWhileRunningAndWhenDone) {
  const auto store = make();
  ASSERT_EQ(begin(*store, entry("a", 1)), IdempotencyState::fresh);
  EXPECT_EQ(begin(*store, entry("a", 2)), IdempotencyState::mismatch);
  ASSERT_TRUE(run(store->complete({entry("a", 1)}, kNow)));
  EXPECT_EQ(begin(*store, entry("a", 2)), IdempotencyState::mismatch);
}

TEST_P(IdempotencyStoreContract, StatesComeInTheOrderOfTheEntries) {
  const auto store = make();
  ASSERT_EQ(begin(*store, entry("done")), IdempotencyState::fresh);
  ASSERT_TRUE(run(store->complete({entry("done")}, kNow)));
  ASSERT_EQ(begin(*store, entry("running")), IdempotencyState::fresh);
  const auto states = run(store->begin({entry("new"), entry("done"), entry("running"), entry("done", 9)}, kNow));
  EXPECT_THAT(states.value(), ElementsAre(IdempotencyState::fresh, IdempotencyState::done, IdempotencyState::running,
                                          IdempotencyState::mismatch));
}

TEST_P(IdempotencyStoreContract, TheSecondOfTwoInOneCallSeesTheFirstsReservation) {
  const auto store = make();
  const auto states = run(store->begin({entry("a"), entry("a"), entry("a", 2)}, kNow));
  EXPECT_THAT(states.value(),
              ElementsAre(IdempotencyState::fresh, IdempotencyState::running, IdempotencyState::mismatch));
}

TEST_P(IdempotencyStoreContract, AnAbandonedKeyIsFreeAlsoForAnotherFingerprint) {
  const auto store = make();
  ASSERT_EQ(begin(*store, entry("a", 1)), IdempotencyState::fresh);
  ASSERT_TRUE(run(store->abandon({entry("a").id})));
  EXPECT_EQ(begin(*store, entry("a", 2)), IdempotencyState::fresh);
}

TEST_P(IdempotencyStoreContract, AbandoningLeavesCompletedAndUnknownKeysAlone) {
  const auto store = make();
  ASSERT_TRUE(run(store->complete({entry("a")}, kNow)));
  ASSERT_TRUE(run(store->abandon({entry("a").id, entry("unknown").id})));
  EXPECT_EQ(begin(*store, entry("a")), IdempotencyState::done);
}

TEST_P(IdempotencyStoreContract, ACompletedKeyIsKeptForTheRetentionTime) {
  const auto store = make({.retention = hours(24)});
  ASSERT_TRUE(run(store->complete({entry("a")}, kNow)));
  EXPECT_EQ(begin(*store, entry("a"), kNow + hours(24) - seconds(1)), IdempotencyState::done);
  EXPECT_EQ(begin(*store, entry("a"), kNow + hours(25)), IdempotencyState::fresh);
}

TEST_P(IdempotencyStoreContract, AReservationWhoseHolderVanishedEndsAfterAMinute) {
  const auto store = make();
  ASSERT_EQ(begin(*store, entry("a")), IdempotencyState::fresh);
  EXPECT_EQ(begin(*store, entry("a"), kNow + seconds(59)), IdempotencyState::running);
  EXPECT_EQ(begin(*store, entry("a"), kNow + seconds(61)), IdempotencyState::fresh);
}

TEST_P(IdempotencyStoreContract, WithoutRoomNothingOfTheCallIsReserved) {
  const auto store = make({.max_keys = 64});
  std::vector<Entry> many;
  for (int n = 0; n < 1000; ++n) many.push_back(entry(std::to_string(n)));
  const auto refused = run(store->begin(many, kNow));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Errc::unavailable);
  EXPECT_EQ(begin(*store, many.front()), IdempotencyState::fresh);
}

TEST_P(IdempotencyStoreContract, OneOfManyThreadsGetsTheKeyAndAllSeeItDone) {
  const auto store = make();
  constexpr int kKeys = 50;
  std::atomic<int> reserved{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int n = 0; n < kKeys; ++n) {
          if (begin(*store, entry(std::to_string(n))) != IdempotencyState::fresh) continue;
          reserved.fetch_add(1);
          EXPECT_TRUE(run(store->complete({entry(std::to_string(n))}, kNow)));
        }
      });
    }
  }
  EXPECT_EQ(reserved.load(), kKeys);
  for (int n = 0; n < kKeys; ++n) EXPECT_EQ(begin(*store, entry(std::to_string(n))), IdempotencyState::done);
}

}  // namespace
}  // namespace liveops::test
