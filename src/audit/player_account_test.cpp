#include "audit/player_account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const core::PlayerId kPlayer = core::PlayerId::trusted("p-1");

core::EventId event(int number) {
  return core::EventId::derive(core::KeyId::trusted("k"), std::to_string(number));
}

/// An account of two events: 100 xp with a kill in season s1, and three gems.
class PlayerAccounts : public testing::Test {
 protected:
  PlayerAccounts() {
    ports::LedgerEntry kill;
    kill.season = core::SeasonId::trusted("s1");
    kill.boss_kill = core::BossId::trusted("dragon");
    account.add({.event_id = event(1), .player = kPlayer, .xp = 100}, kill);
    account.add({.event_id = event(2), .player = kPlayer}, claim("d-1"));
    books.progress.player_id = kPlayer;
    books.progress.xp = 100;
    books.progress.season_xp = {{core::SeasonId::trusted("s1"), 100}};
    books.progress.boss_kills = {{core::BossId::trusted("dragon"), 1}};
    books.items = {{core::ItemId::trusted("gem"), 3}};
    drops = {{kPlayer, core::DropId::trusted("d-1"), event(2)}};
  }

  static ports::LedgerEntry claim(const std::string& drop) {
    ports::LedgerEntry entry;
    entry.type = core::EventType::drop_claimed;
    entry.drop = core::DropClaimed{.drop_id = core::DropId::trusted(drop),
                                   .item_id = core::ItemId::trusted("gem"),
                                   .quantity = 3,
                                   .rarity = std::nullopt};
    return entry;
  }
  std::vector<Difference> compare(const ports::PlayerBooks* with) {
    Differences differences(10);
    account.compare(with, drops, differences);
    return differences.first();
  }

  PlayerAccount account{kPlayer};
  ports::PlayerBooks books;
  std::vector<ports::GrantedDrop> drops;
};

TEST_F(PlayerAccounts, BalanceWhenTheStoredSumsAreTheLedgers) {
  EXPECT_THAT(compare(&books), IsEmpty());
}

TEST_F(PlayerAccounts, NameEachSumThatDiffers) {
  books.progress.xp = 99;
  books.progress.season_xp = {{core::SeasonId::trusted("s2"), 100}};
  books.progress.boss_kills[core::BossId::trusted("dragon")] = 2;
  books.items.front().quantity = 6;
  EXPECT_THAT(
      compare(&books),
      ElementsAre(Difference{"xp", "p-1", "", "100", "99"}, Difference{"season xp", "p-1", "s1", "100", "none"},
                  Difference{"season xp", "p-1", "s2", "none", "100"},
                  Difference{"boss kills", "p-1", "dragon", "1", "2"}, Difference{"item", "p-1", "gem", "3", "6"}));
}

TEST_F(PlayerAccounts, WantARowForEveryPlayerInTheLedgerAndNoOther) {
  EXPECT_THAT(compare(nullptr), ElementsAre(Difference{"progress", "p-1", "", "the sums of 2 events", "none"}));
  ports::PlayerBooks stranger;
  stranger.progress.player_id = core::PlayerId::trusted("p-2");
  Differences differences(10);
  PlayerAccount(core::PlayerId::trusted("p-2")).compare(&stranger, {}, differences);
  EXPECT_EQ(differences.count(), 1U);
}

TEST_F(PlayerAccounts, CountItemsOfClaimedRewards) {
  books.receipts = {R"({"receipt_id":"r","items":[{"item_id":"gem","quantity":50},{"item_id":"sword","quantity":1}]})"};
  books.items = {{core::ItemId::trusted("gem"), 53}, {core::ItemId::trusted("sword"), 1}};
  EXPECT_THAT(compare(&books), IsEmpty());
  books.receipts.emplace_back(std::nullopt);
  EXPECT_THAT(compare(&books), ElementsAre(Difference{"claimed reward", "p-1", "", "a receipt", "none"}));
}

TEST_F(PlayerAccounts, HoldEveryGrantAgainstTheListOfDrops) {
  drops.front().event_id = event(9);
  EXPECT_THAT(compare(&books),
              ElementsAre(Difference{"drop", "p-1", "d-1", "event " + event(2).str(), "event " + event(9).str()}));
  drops.clear();
  EXPECT_THAT(compare(&books), ElementsAre(Difference{"drop", "p-1", "d-1", "event " + event(2).str(), "none"}));
}

TEST_F(PlayerAccounts, LeaveOutADropThatWasRefused) {
  account.add({.event_id = event(3), .player = kPlayer, .drop_refused = true}, claim("d-2"));
  EXPECT_THAT(compare(&books), IsEmpty());
}

TEST_F(PlayerAccounts, StopAtTheLargestSumAsTheStoresDo) {
  account.add({.event_id = event(3), .player = kPlayer, .xp = ports::kMaxSum}, {});
  books.progress.xp = ports::kMaxSum;
  EXPECT_THAT(compare(&books), IsEmpty());
}

TEST(Differences, KeepTheFirstAndCountAll) {
  Differences differences(1);
  differences.add({"xp", "p-1", "", "1", "2"});
  differences.add({"standing", "p-2", "score/daily/2026-11-22", "3", "4"});
  EXPECT_EQ(differences.count(), 2U);
  ASSERT_EQ(differences.first().size(), 1U);
  EXPECT_EQ(to_string(differences.first().front()), "xp: player p-1: expected 1, found 2");
  EXPECT_EQ(to_string(Difference{"standing", "p-2", "score/daily/2026-11-22", "3", "4"}),
            "standing: player p-2, score/daily/2026-11-22: expected 3, found 4");
  EXPECT_EQ(to_string(Difference{"ledger", "", "event e", "once", "2 times"}),
            "ledger: event e: expected once, found 2 times");
}

}  // namespace
}  // namespace liveops::audit
