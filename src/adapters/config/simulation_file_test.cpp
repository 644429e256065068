#include "adapters/config/simulation_file.hpp"

#include <gtest/gtest.h>

#include "adapters/config/rules_file.hpp"

namespace liveops::adapters::config {
namespace {

const std::filesystem::path kConfig = std::filesystem::path(LIVEOPS_SOURCE_DIR) / "config";

TEST(SimulationFile, TheShippedFileSaysWhatIsBuiltIn) {
  const auto parameters = load_simulation(kConfig / "simulation.toml");
  ASSERT_TRUE(parameters) << parameters.error().message;
  EXPECT_EQ(*parameters, simulation::Parameters());
}

TEST(SimulationFile, TheOtherGameIsQuiteAnother) {
  const auto parameters = load_simulation(kConfig / "simulation-arena.toml");
  ASSERT_TRUE(parameters) << parameters.error().message;
  EXPECT_GT(parameters->usual_s, 5 * simulation::Parameters().usual_s);
}

TEST(SimulationFile, ThePolicyOfTheOtherGameAllowsWhatItGives) {
  const auto parameters = load_simulation(kConfig / "simulation-arena.toml");
  const auto rules = load_rules(kConfig / "arena-policy.toml");
  ASSERT_TRUE(rules) << rules.error().message;
  for (const core::BoundRules& bound : rules->fairness.hard.bounds) {
    if (bound.field == "xp") EXPECT_GE(static_cast<double>(bound.max), parameters->most_xp);
    if (bound.field == "score") EXPECT_GE(static_cast<double>(bound.max), parameters->most_score);
  }
}

TEST(SimulationFile, WhatIsWrittenIsRead) {
  simulation::Parameters parameters;
  parameters.crit_factor = 4.25;
  parameters.bosses = {{.id = "golem", .xp = 7, .score = 70, .duration_s = 12}};
  const auto read = parse_simulation(simulation::to_toml(parameters), "x.toml");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, parameters);
}

TEST(SimulationFile, AFaultIsNamedByLineAndKey) {
  const auto unknown = parse_simulation("[tempo]\nslow = 3.0\n", "x.toml");
  ASSERT_FALSE(unknown);
  EXPECT_TRUE(unknown.error().message.starts_with("x.toml:2: tempo.slow")) << unknown.error().message;
  const auto beyond = parse_simulation("[awards]\n\ncrit_chance = 3.0\n", "x.toml");
  ASSERT_FALSE(beyond);
  EXPECT_TRUE(beyond.error().message.starts_with("x.toml:3: awards.crit_chance")) << beyond.error().message;
  const auto shares = parse_simulation("[awards]\nboss_share = 0.6\ndrop_share = 0.6\n", "x.toml");
  ASSERT_FALSE(shares);
  EXPECT_EQ(shares.error().message, "x.toml: awards.drop_share: the shares are more than 1");
}

}  // namespace
}  // namespace liveops::adapters::config
