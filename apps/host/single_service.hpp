#pragma once

#include <string>

namespace liveops::apps {

/// The executable of one service: checks its configuration, and that its bus can be shared with the other processes.
/// Gives the exit code.
int run_single_service(const std::string& name, int argc, char** argv);

}  // namespace liveops::apps
