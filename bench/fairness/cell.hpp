#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "core/rules.hpp"
#include "simulation/parameters.hpp"
#include "simulation/player.hpp"

namespace liveops::bench {

/// One simulated population and what is to be found out about it.
struct Cell {
  simulation::Parameters parameters;
  simulation::PopulationOptions population;
  core::FairnessRules policy;
  bool baselines = false;  // at the policy's rate of false flags
  bool ablation = false;   // the policy without one check after the other
  bool curve = false;      // recall at other budgets and thresholds
  bool examples = false;   // evidence of some players over time
};

/// Everything that was asked for, as JSON: `judges` (name -> result), `thresholds`, `curve`, `examples`.
[[nodiscard]] boost::json::object run_cell(const Cell& cell);

}  // namespace liveops::bench
