#pragma once

#include <optional>

namespace liveops::apps {

/// The four services are this same program under other names: `gateway`, `fairness`, `progression`, `leaderboard`, also
/// with `liveops-` before them. Runs the one that `argv[0]` names and gives its exit code; nullopt when it names none.
[[nodiscard]] std::optional<int> run_as_service(int argc, char** argv);

}  // namespace liveops::apps
