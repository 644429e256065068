#include "simulation/parameters.hpp"

#include <gtest/gtest.h>

#include <set>

namespace liveops::simulation {
namespace {

TEST(SimulationParameters, TheTableNamesEveryNumberOnce) {
  std::set<std::string_view> keys;
  for (const ParameterInfo& info : parameter_table()) EXPECT_TRUE(keys.insert(info.key).second) << info.key;
  EXPECT_EQ(keys.size() * sizeof(double), sizeof(Parameters) - sizeof(Parameters::bosses));
}

TEST(SimulationParameters, WhatIsBuiltInPassesTheCheck) {
  const auto status = check(Parameters());
  EXPECT_TRUE(status) << status.error().message;
}

TEST(SimulationParameters, SharesBeyondOneAreRefusedByName) {
  Parameters parameters;
  parameters.boss_share = 0.95;
  const auto status = check(parameters);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "awards.drop_share: the shares are more than 1");
}

TEST(SimulationParameters, NumbersOutOfBoundsAreRefusedByName) {
  Parameters parameters;
  parameters.slow_s = 0;
  const auto status = check(parameters);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "tempo.slow_s: must be from 0.001 to 1000.0");
}

}  // namespace
}  // namespace liveops::simulation
