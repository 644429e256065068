#include "core/idempotency_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <random>
#include <thread>

namespace liveops::core {
namespace {

using Fingerprint = IdempotencyTable::Fingerprint;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Timestamp kNow{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};
constexpr Fingerprint kOne{1};
constexpr Fingerprint kTwo{2};

EventId id(int n) {
  return EventId::derive(KeyId::trusted("k"), std::to_string(n));
}

TEST(IdempotencyTable, ReservesAFreeKeyOnce) {
  IdempotencyTable table({});
  EXPECT_EQ(table.begin(id(1), kOne, kNow), KeyState::fresh);
  EXPECT_EQ(table.begin(id(1), kOne, kNow), KeyState::running);
  EXPECT_EQ(table.begin(id(1), kTwo, kNow), KeyState::mismatch);
}

TEST(IdempotencyTable, KeepsACompletedKeyForItsRetention) {
  IdempotencyTable table({.retention = hours(24)});
  ASSERT_EQ(table.begin(id(1), kOne, kNow), KeyState::fresh);
  table.complete(id(1), kOne, kNow);
  EXPECT_EQ(table.begin(id(1), kOne, kNow + hours(24) - seconds(1)), KeyState::done);
  EXPECT_EQ(table.begin(id(1), kTwo, kNow + hours(24) - seconds(1)), KeyState::mismatch);
  EXPECT_EQ(table.begin(id(1), kTwo, kNow + hours(24)), KeyState::fresh);
}

TEST(IdempotencyTable, TellsWhetherAKeyIsCompleted) {
  IdempotencyTable table({});
  EXPECT_FALSE(table.is_done(id(1)));
  ASSERT_EQ(table.begin(id(1), kOne, kNow), KeyState::fresh);
  EXPECT_FALSE(table.is_done(id(1)));
  table.complete(id(1), kOne, kNow);
  EXPECT_TRUE(table.is_done(id(1)));
}

TEST(IdempotencyTable, AbandoningFreesAReservationButNotACompletedKey) {
  IdempotencyTable table({});
  ASSERT_EQ(table.begin(id(1), kOne, kNow), KeyState::fresh);
  table.abandon(id(1));
  EXPECT_EQ(table.size(), 0U);
  ASSERT_EQ(table.begin(id(1), kTwo, kNow), KeyState::fresh);
  table.complete(id(1), kTwo, kNow);
  table.abandon(id(1));
  EXPECT_EQ(table.begin(id(1), kTwo, kNow), KeyState::done);
}

TEST(IdempotencyTable, EndsAReservationWhoseHolderVanished) {
  IdempotencyTable table({.reservation = seconds(60)});
  ASSERT_EQ(table.begin(id(1), kOne, kNow), KeyState::fresh);
  EXPECT_EQ(table.begin(id(1), kOne, kNow + seconds(59)), KeyState::running);
  EXPECT_EQ(table.begin(id(1), kTwo, kNow + seconds(60)), KeyState::fresh);
}

TEST(IdempotencyTable, StaysWithinItsBoundAndLetsTheOldestGoFirst) {
  constexpr int kKeys = 6400;
  IdempotencyTable table({.max_keys = kKeys});
  constexpr int kSent = 3 * kKeys;
  for (int n = 0; n < kSent; ++n) table.complete(id(n), kOne, kNow + seconds(n));
  EXPECT_LE(table.size(), std::size_t{kKeys});
  const auto after = kNow + seconds(kSent);
  for (int n = kSent - kKeys / 2; n < kSent; ++n) ASSERT_EQ(table.begin(id(n), kOne, after), KeyState::done) << n;
  EXPECT_EQ(table.begin(id(0), kOne, after), KeyState::fresh);
}

TEST(IdempotencyTable, TakesNoMoreMemoryWhenAllItsKeysAreOfOneSecond) {
  constexpr int kKeys = 64'000;
  IdempotencyTable table({.max_keys = kKeys});
  for (int n = 0; n < 2 * kKeys; ++n) table.complete(id(n), kOne, kNow);
  const auto once_full = table.memory_bytes();
  for (int n = 2 * kKeys; n < 5 * kKeys; ++n) table.complete(id(n), kOne, kNow);
  EXPECT_LE(table.size(), std::size_t{kKeys});
  EXPECT_EQ(table.memory_bytes(), once_full);
}

TEST(IdempotencyTable, RefusesWhenAllItsRoomIsReserved) {
  IdempotencyTable table({.max_keys = 64});
  int reserved = 0;
  for (int n = 0; n < 1000; ++n) reserved += table.begin(id(n), kOne, kNow) == KeyState::fresh ? 1 : 0;
  EXPECT_EQ(reserved, 64);
  EXPECT_EQ(table.begin(id(1000), kOne, kNow), KeyState::no_room);
  EXPECT_EQ(table.begin(id(1000), kOne, kNow + seconds(60)), KeyState::fresh);
}

TEST(IdempotencyTable, TakesAtMostFortyBytesAKeyOnceItIsLarge) {
  constexpr int kKeys = 400'000;
  IdempotencyTable table({.max_keys = kKeys});
  std::mt19937_64 random(7);
  EventId::Bytes bytes{};
  double worst = 0;
  for (int n = 0; n < kKeys; ++n) {
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
    table.complete(EventId(bytes), kOne, kNow);
    if (n >= kKeys / 4 && n % 1000 == 0) {
      worst = std::max(worst, static_cast<double>(table.memory_bytes()) / static_cast<double>(table.size()));
    }
  }
  EXPECT_LE(worst, 40.0);
}

TEST(IdempotencyTable, AnswersLikeAPlainMap) {
  struct Known {
    bool running = false;
    Fingerprint fingerprint{};
  };
  EXPECT_TRUE(rc::check([] {
    IdempotencyTable table({.max_keys = 100'000});
    std::map<int, Known> model;
    const auto steps = *rc::gen::container<std::vector<std::tuple<int, int, bool>>>(
        rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(0, 300), rc::gen::arbitrary<bool>()));
    for (const auto& [action, n, other] : steps) {
      const Fingerprint fingerprint = other ? kTwo : kOne;
      const auto known = model.find(n);
      if (action == 0) {
        auto expected = KeyState::fresh;
        if (known != model.end()) {
          expected = known->second.fingerprint != fingerprint ? KeyState::mismatch
                     : known->second.running                  ? KeyState::running
                                                              : KeyState::done;
        }
        table.prefetch(id(n));
        RC_ASSERT(table.begin(id(n), fingerprint, kNow) == expected);
        if (known == model.end()) model[n] = {true, fingerprint};
      } else if (action == 1) {
        table.complete(id(n), fingerprint, kNow);
        model[n] = {false, fingerprint};
      } else {
        table.abandon(id(n));
        if (known != model.end() && known->second.running) model.erase(known);
      }
    }
    RC_ASSERT(table.size() == model.size());
  }));
}

TEST(IdempotencyTable, GivesAKeyToOneOfManyThreads) {
  IdempotencyTable table({});
  constexpr int kKeys = 2000;
  std::atomic<int> reserved{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int n = 0; n < kKeys; ++n) {
          table.prefetch(id(n));
          if (table.begin(id(n), kOne, kNow) == KeyState::fresh) reserved.fetch_add(1);
        }
      });
    }
  }
  EXPECT_EQ(reserved.load(), kKeys);
}

}  // namespace
}  // namespace liveops::core
