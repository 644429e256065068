#pragma once

#include <string>

#include "core/error.hpp"
#include "core/time.hpp"
#include "simulation/parameters.hpp"
#include "simulation/player.hpp"

namespace liveops::apps {

/// Where a simulation is written, and what it is called.
struct FileRun {
  std::string events;  // NDJSON; gzip when it ends in .gz; "-": stdout
  std::string labels;  // CSV; empty: none
  std::string run_id;
  core::Timestamp start;
};

/// Writes a simulated population's events, as items of a batch in time order, and its labels. Gives how many events.
/// Errors: `unavailable` (a file cannot be written).
[[nodiscard]] core::Result<std::uint64_t> simulate_to_file(const FileRun& run, const simulation::Parameters& parameters,
                                                           const simulation::PopulationOptions& population);

}  // namespace liveops::apps
