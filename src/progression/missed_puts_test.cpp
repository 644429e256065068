#include "progression/missed_puts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace liveops::progression {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

ports::Progress progress(const char* player, std::int64_t version) {
  return {.player_id = core::PlayerId::trusted(player), .version = version};
}

std::vector<ports::Progress> missed(MissedPuts& puts) {
  std::vector<ports::Progress> players;
  puts.move_to(players);
  return players;
}

}  // namespace

TEST(MissedPuts, WhatWasMissedIsGivenOnce) {
  MissedPuts puts(10);
  puts.keep({progress("a", 1)});
  EXPECT_THAT(missed(puts), ElementsAre(progress("a", 1)));
  EXPECT_THAT(missed(puts), IsEmpty());
}

TEST(MissedPuts, TheNewestVersionOfAPlayerIsKept) {
  MissedPuts puts(10);
  puts.keep({progress("a", 2), progress("a", 3)});
  puts.keep({progress("a", 1)});
  EXPECT_THAT(missed(puts), ElementsAre(progress("a", 3)));
}

TEST(MissedPuts, NoMorePlayersAreKeptThanAllowed) {
  MissedPuts puts(2);
  puts.keep({progress("a", 1), progress("b", 1), progress("c", 1)});
  puts.keep({progress("a", 2)});
  EXPECT_THAT(missed(puts), SizeIs(2));
}

}  // namespace liveops::progression
