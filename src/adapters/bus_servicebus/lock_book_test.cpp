#include "adapters/bus_servicebus/lock_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::adapters::bus_servicebus {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

constexpr LockToken kOne{1};
constexpr LockToken kTwo{2};
constexpr LockBook::Instant kStart{seconds(1000)};

}  // namespace

TEST(LockBook, AMessageIsGivenBackWhenItsVisibilityEnds) {
  LockBook book(seconds(30));
  book.add(kOne, kStart, seconds(60));
  EXPECT_THAT(book.to_give_back(kStart + seconds(29)), IsEmpty());
  EXPECT_THAT(book.to_give_back(kStart + seconds(30)), ElementsAre(kOne));
  book.extend(kOne, kStart + seconds(20));
  EXPECT_THAT(book.to_give_back(kStart + seconds(49)), IsEmpty());
  EXPECT_THAT(book.to_give_back(kStart + seconds(50)), ElementsAre(kOne));
  EXPECT_TRUE(book.remove(kOne));
  EXPECT_FALSE(book.remove(kOne));
  EXPECT_THAT(book.to_give_back(kStart + seconds(50)), IsEmpty());
}

TEST(LockBook, ALockThatLastsLongEnoughIsNotRenewed) {
  LockBook book(seconds(30));
  book.add(kOne, kStart, seconds(60));
  EXPECT_THAT(book.to_renew(kStart + seconds(59)), IsEmpty());
}

TEST(LockBook, AShorterLockIsRenewedInItsLastThird) {
  LockBook book(seconds(30));
  book.add(kOne, kStart, seconds(9));
  EXPECT_THAT(book.to_renew(kStart + seconds(5)), IsEmpty());
  EXPECT_THAT(book.to_renew(kStart + seconds(6)), ElementsAre(kOne));
  EXPECT_THAT(book.to_renew(kStart + seconds(7)), IsEmpty()) << "it was asked for";
  book.renewed(kOne, kStart + seconds(7));
  EXPECT_THAT(book.to_renew(kStart + seconds(12)), IsEmpty());
  EXPECT_THAT(book.to_renew(kStart + seconds(13)), ElementsAre(kOne));
  EXPECT_THAT(book.to_renew(kStart + seconds(16)), ElementsAre(kOne)) << "no answer came";
}

TEST(LockBook, WhatIsToBeGivenBackLaterIsHeldUntilThen) {
  LockBook book(seconds(30));
  book.add(kOne, kStart, seconds(30));
  book.add(kTwo, kStart, seconds(30));
  book.give_back_at(kOne, kStart + seconds(45));
  book.give_back_at(kTwo, kStart);
  EXPECT_THAT(book.to_give_back(kStart), ElementsAre(kTwo));
  EXPECT_THAT(book.to_renew(kStart + seconds(20)), ElementsAre(kOne));
  EXPECT_THAT(book.to_give_back(kStart + seconds(45)), ElementsAre(kOne, kTwo));
}

TEST(LockBook, UnknownLocksAreIgnored) {
  LockBook book(seconds(30));
  book.extend(kOne, kStart);
  book.give_back_at(kOne, kStart);
  book.renewed(kOne, kStart);
  EXPECT_EQ(book.size(), 0U);
  EXPECT_FALSE(book.holds(kOne));
}

}  // namespace liveops::adapters::bus_servicebus
