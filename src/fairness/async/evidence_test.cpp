#include "fairness/async/evidence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <utility>
#include <vector>

namespace liveops::fairness::async {
namespace {

TEST(EValue, OfAnHonestPlayerIsOneOnAverageAtMost) {
  // The integral over p of what the calibrator gives, in steps of the logarithm: p = exp(-x).
  double integral = 0;
  constexpr double kStep = 1e-3;
  for (double x = kStep / 2; x < 600; x += kStep) integral += e_value_of(std::exp(-x)) * std::exp(-x) * kStep;
  EXPECT_LE(integral, 1.001);
  EXPECT_GE(integral, 0.95) << "and hardly less: nothing is given away";
}

TEST(EValue, GrowsAsPShrinks) {
  double before = 0;
  for (const double p : {1.0, 0.9991, 0.99, 0.5, 0.1, 1e-3, 1e-6, 1e-12, 1e-300, 0.0}) {
    const double e_value = e_value_of(p);
    EXPECT_GE(e_value, before) << p;
    EXPECT_TRUE(std::isfinite(e_value)) << p;
    before = e_value;
  }
  EXPECT_DOUBLE_EQ(e_value_of_once_in(1e6), e_value_of(1e-6));
}

TEST(EBh, ListsAsManyAsItsRateAllows) {
  // Of 100 players at 1 %: k of them when the k-th e-value is at least 100 / (0.01 k).
  EXPECT_EQ(e_bh(std::array{9'999.0}, 100, 0.01), 0U);
  EXPECT_EQ(e_bh(std::array{10'000.0}, 100, 0.01), 1U);
  EXPECT_EQ(e_bh(std::array{6'000.0, 5'000.0}, 100, 0.01), 2U) << "together they are enough";
  EXPECT_EQ(e_bh(std::array{1e9, 1.0, 1.0}, 100, 0.01), 1U);
  EXPECT_EQ(e_bh({}, 100, 0.01), 0U);
}

TEST(EBh, KeepsTheShareOfHonestPlayersOnItsLists) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform;
  double false_share = 0;
  std::size_t found = 0;
  constexpr int kLists = 400;
  for (int list = 0; list < kLists; ++list) {
    std::vector<std::pair<double, bool>> players;
    for (int i = 0; i < 1000; ++i) {
      const bool honest = i >= 30;
      const double p = honest ? uniform(random) : 1e-8 * uniform(random);
      players.emplace_back(e_value_of(p), honest);
    }
    std::ranges::sort(players, std::greater<>());
    std::vector<double> e_values;
    for (const auto& player : players) e_values.push_back(player.first);
    const std::size_t listed = e_bh(e_values, players.size(), 0.05);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < listed; ++i) wrong += players[i].second ? 1 : 0;
    if (listed > 0) false_share += static_cast<double>(wrong) / static_cast<double>(listed);
    found += listed - wrong;
  }
  EXPECT_LE(false_share / kLists, 0.05);
  EXPECT_GE(found, 25U * kLists);
}

}  // namespace
}  // namespace liveops::fairness::async
