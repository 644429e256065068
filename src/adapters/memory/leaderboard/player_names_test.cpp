#include "adapters/memory/leaderboard/player_names.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <string>

namespace liveops::adapters::memory {
namespace {

TEST(PlayerNames, HandleOfAForgottenNameServesAgain) {
  PlayerNames names;
  const auto first = names.acquire("a");
  EXPECT_EQ(names.acquire("a"), first);
  names.release(first);
  EXPECT_EQ(names.find("a"), first);
  names.release(first);
  EXPECT_EQ(names.find("a"), std::nullopt);
  EXPECT_EQ(names.acquire("b"), first);
  EXPECT_EQ(names.name(first), "b");
}

TEST(PlayerNames, NamesStayApartWhileOthersComeAndGo) {
  EXPECT_TRUE(rc::check([] {
    const auto steps = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(0, 60), rc::gen::arbitrary<bool>()));
    PlayerNames names;
    std::map<std::string, PlayerNames::Handle> held;
    for (const auto& [number, come] : steps) {
      const std::string name = std::string(static_cast<std::size_t>(number) + 1, 'x') + std::to_string(number);
      if (const auto known = held.find(name); known != held.end() && !come) {
        names.release(known->second);
        held.erase(known);
      } else if (known == held.end()) {
        held.emplace(name, names.acquire(name));
      }
    }
    RC_ASSERT(names.size() == held.size());
    for (const auto& [name, handle] : held) {
      RC_ASSERT(names.name(handle) == name);
      RC_ASSERT(names.find(name) == handle);
    }
  }));
}

TEST(PlayerNames, TakesLittleMoreThanTheNamesThemselves) {
  PlayerNames names;
  constexpr std::size_t kCount = 100'000;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::string name = "player-" + std::to_string(i);
    characters += name.size();
    std::ignore = names.acquire(name);
  }
  EXPECT_LE(names.memory_bytes(), characters + kCount * 18);
}

}  // namespace
}  // namespace liveops::adapters::memory
