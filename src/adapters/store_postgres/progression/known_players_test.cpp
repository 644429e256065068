#include "adapters/store_postgres/progression/known_players.hpp"

#include <gtest/gtest.h>

#include <string>

namespace liveops::adapters::store_postgres::progression {
namespace {

TEST(KnownPlayers, OnlyWhoWasNotedIsKnown) {
  KnownPlayers players;
  players.note("a");
  EXPECT_TRUE(players.knows("a"));
  EXPECT_FALSE(players.knows("b"));
  players.forget();
  EXPECT_FALSE(players.knows("a"));
}

TEST(KnownPlayers, ForgetsRatherThanGrows) {
  KnownPlayers players(16);
  for (int i = 0; i < 1000; ++i) players.note(std::to_string(i));
  int known = 0;
  for (int i = 0; i < 1000; ++i) known += players.knows(std::to_string(i)) ? 1 : 0;
  EXPECT_LE(known, 16);
  EXPECT_TRUE(players.knows("999"));
}

}  // namespace
}  // namespace liveops::adapters::store_postgres::progression
