#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

#include "core/rules.hpp"
#include "fairness/burst_check.hpp"
#include "fairness/engine.hpp"
#include "fairness/hard_bounds_check.hpp"
#include "fairness/ladder.hpp"
#include "fairness/player_table.hpp"
#include "fairness/population.hpp"
#include "fairness/score_check.hpp"

/// What an engine consists of, for its own sources.
namespace liveops::fairness {

/// The rules, made ready. Shared by all shards, never changed.
struct Engine::Checks {
  explicit Checks(const core::FairnessRules& rules)
      : hard(rules.hard), burst(rules.burst), score(rules.score), ladder(rules.ladder) {}
  HardBoundsCheck hard;
  BurstCheck burst;
  ScoreCheck score;
  Ladder ladder;
};

/// Each shard holds its own reference to the rules and the population, so that reading them costs no atomic.
struct alignas(64) Engine::Shard {
  std::mutex mutex;
  std::unique_ptr<PlayerTable> table;  // never another one
  std::shared_ptr<const Checks> checks;
  std::shared_ptr<const Population> population;
  std::size_t cursor = 0;  // where the next sampling begins
};

}  // namespace liveops::fairness
