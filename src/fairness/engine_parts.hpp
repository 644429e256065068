#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

#include "core/rules.hpp"
#include "fairness/catalogue.hpp"
#include "fairness/doorkeeper.hpp"
#include "fairness/engine.hpp"
#include "fairness/player_table.hpp"
#include "fairness/population.hpp"
#include "fairness/samples.hpp"
#include "fairness/terms.hpp"

/// What an engine consists of, for its own sources.
namespace liveops::fairness {

/// The rules, made ready. Shared by all shards, never changed.
struct Engine::Policy {
  explicit Policy(const core::FairnessRules& rules) : terms(rules), catalogue(rules.hard), governor(rules.governor) {}
  Terms terms;
  Catalogue catalogue;
  core::GovernorRules governor;
};

/// Each shard holds its own reference to the rules and the population, so that reading them costs no atomic.
struct alignas(64) Engine::Shard {
  std::mutex mutex;
  std::unique_ptr<PlayerTable> table;  // never another one
  std::shared_ptr<const Policy> policy;
  std::shared_ptr<const Population> population;
  SampleRing samples;
  Doorkeeper doorkeeper;
  std::size_t cursor = 0;  // where the next look at players begins
};

}  // namespace liveops::fairness
