#include "fairness/async/peer_sample.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "fairness/async/reading.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::size_t kLeast = 50;

/// Values of `players` players, the last `cheats` of them far above.
PeerSample sample_of(std::size_t players, std::size_t cheats, double tail = 1) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  PeerSample sample;
  for (std::uint32_t i = 0; i < players; ++i) {
    const double value = normal(random);
    const bool cheat = i >= players - cheats;
    sample.put(mix32(i), static_cast<float>(cheat ? 20 + value : std::copysign(std::pow(std::abs(value), tail), value)),
               1);
  }
  sample.refresh();
  return sample;
}

TEST(PeerSample, IsSilentWhileItKnowsTooFew) {
  const PeerSample sample = sample_of(20, 0);
  EXPECT_EQ(sample.p_of(100, kLeast), 1);
  EXPECT_EQ(PeerSample().p_of(1, 0), 1);
}

TEST(PeerSample, NeverCallsANormalValueRarerThanItIs) {
  const PeerSample sample = sample_of(2000, 0);
  for (const double z : {2.5, 3.0, 4.0, 5.0, 6.0}) {
    const double true_p = 0.5 * std::erfc(z / std::sqrt(2));
    EXPECT_GE(sample.p_of(static_cast<float>(z), kLeast), true_p) << z;
  }
  EXPECT_LE(sample.p_of(9, kLeast), 1e-6) << "but the odds of what is far out are long";
  EXPECT_GE(sample.p_of(0, kLeast), 0.4);
}

TEST(PeerSample, ACheatInTwelveDoesNotStretchTheScale) {
  const PeerSample sample = sample_of(600, 50);
  EXPECT_LE(sample.p_of(20, kLeast), 1e-6);
}

TEST(PeerSample, APlayerCountsOnce) {
  PeerSample sample;
  for (std::uint32_t i = 0; i < 100; ++i) sample.put(mix32(i), 0, 1);
  for (int i = 0; i < 10'000; ++i) sample.put(mix32(1'000'003), 50, 1);
  sample.refresh();
  EXPECT_LE(sample.size(), 101U);
  EXPECT_EQ(sample.quantile(0.5), 0);
}

TEST(PeerSample, WhatAllDoBecomesUsual) {
  PeerSample sample = sample_of(400, 0);
  for (int round = 0; round < 40; ++round) {
    for (std::uint32_t i = 0; i < 400; ++i) sample.put(mix32(i), 8 + static_cast<float>(i % 10) / 10, 2);
    sample.refresh();
  }
  EXPECT_GE(sample.p_of(8.5F, kLeast), 0.1);
}

TEST(PeerSample, ForgetsWhoIsUnderSuspicionAndWhoHasLeft) {
  PeerSample sample;
  sample.put(1, 5, 1);
  sample.refresh();
  EXPECT_EQ(sample.size(), 1U);
  sample.remove(1);
  sample.refresh();
  EXPECT_EQ(sample.size(), 0U);
  sample.put(1, 5, 1);
  sample.put(1 + PeerSample::kPlaces, 7, 2);  // the same place, still taken
  sample.refresh();
  EXPECT_EQ(sample.quantile(0.5), 5);
  sample.put(1 + PeerSample::kPlaces, 7, 1 + 73);
  sample.refresh();
  EXPECT_EQ(sample.quantile(0.5), 7);
}

TEST(PeerSample, ComesBackFromItsBytes) {
  const PeerSample sample = sample_of(300, 0);
  std::string bytes;
  Writer writer(bytes);
  sample.save(writer);
  PeerSample again;
  Reader reader(bytes);
  ASSERT_TRUE(again.restore(reader));
  EXPECT_EQ(again.p_of(3, kLeast), sample.p_of(3, kLeast));
  Reader cut(std::string_view(bytes).substr(0, bytes.size() - 1));
  EXPECT_FALSE(PeerSample().restore(cut));
}

}  // namespace
}  // namespace liveops::fairness::async
