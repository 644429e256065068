#include "adapters/fairness_http/rendezvous.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <random>

namespace liveops::adapters::fairness_http {
namespace {

std::vector<std::string> urls(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("http://fairness-" + std::to_string(i) + ":8081");
  return names;
}

bool any(std::size_t) {
  return true;
}

std::string place_of(const std::vector<std::string>& names, const std::string& key) {
  return names[Rendezvous(names).pick(key, any).value()];
}

TEST(Rendezvous, AddingAUrlMovesPlayersOnlyToIt) {
  EXPECT_TRUE(rc::check([](const std::string& player) {
    const auto before = urls(*rc::gen::inRange(1, 12));
    auto after = before;
    after.push_back("http://another:8081");
    const auto place = place_of(after, player);
    RC_ASSERT(place == after.back() || place == place_of(before, player));
  }));
}

TEST(Rendezvous, RemovingAUrlMovesOnlyItsOwnPlayers) {
  EXPECT_TRUE(rc::check([](const std::string& player) {
    const auto before = urls(*rc::gen::inRange(2, 12));
    auto after = before;
    const auto gone = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(before.size())));
    after.erase(after.begin() + static_cast<std::ptrdiff_t>(gone));
    const auto place = place_of(before, player);
    if (place != before[gone]) RC_ASSERT(place_of(after, player) == place);
  }));
}

TEST(Rendezvous, TheOrderOfTheListDoesNotMatter) {
  EXPECT_TRUE(rc::check([](const std::string& player, unsigned seed) {
    const auto names = urls(7);
    auto shuffled = names;
    std::mt19937 random(seed);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    RC_ASSERT(place_of(names, player) == place_of(shuffled, player));
  }));
}

TEST(Rendezvous, OneThatIsNotUsableLeavesItsPlayersAsIfItWereRemoved) {
  const auto names = urls(4);
  auto three = names;
  three.erase(three.begin() + 1);
  const Rendezvous all(names);
  for (int n = 0; n < 1000; ++n) {
    const std::string player = "p-" + std::to_string(n);
    const auto picked = all.pick(player, [](std::size_t i) { return i != 1; });
    EXPECT_EQ(names[picked.value()], place_of(three, player));
  }
  EXPECT_FALSE(all.pick("p", [](std::size_t) { return false; }));
}

TEST(Rendezvous, SpreadsPlayersEvenly) {
  const auto names = urls(5);
  const Rendezvous all(names);
  std::map<std::size_t, int> shares;
  for (int n = 0; n < 50'000; ++n) ++shares[all.pick("player-" + std::to_string(n), any).value()];
  ASSERT_EQ(shares.size(), 5U);
  for (const auto& [place, share] : shares) {
    EXPECT_GT(share, 9'500) << place;
    EXPECT_LT(share, 10'500) << place;
  }
}

TEST(Rendezvous, GivesTheSameInEveryRelease) {
  const auto names = urls(3);
  std::string places;
  for (const char* player : {"p-1", "p-2", "p-42", "alice", "bob", "x"}) {
    places += std::to_string(Rendezvous(names).pick(player, any).value());
  }
  EXPECT_EQ(places, "222201");
}

}  // namespace
}  // namespace liveops::adapters::fairness_http
