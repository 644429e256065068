#pragma once

#include <fstream>
#include <string>

#include "backtest/judge.hpp"
#include "core/error.hpp"
#include "core/ids.hpp"

namespace liveops::apps {

/// What was decided, one JSON object an action: occurred_at, player_id, event_id, action, rule, evidence.
class DecisionsFile {
 public:
  /// Errors: `unavailable`.
  [[nodiscard]] core::Status open(const std::string& path);
  [[nodiscard]] bool is_open() const { return out_.is_open(); }
  void write(const backtest::Action& action, const core::PlayerId& player, const std::string& event_name);
  /// Errors: `unavailable` (something could not be written).
  [[nodiscard]] core::Status close();

 private:
  std::string path_;
  std::ofstream out_;
};

}  // namespace liveops::apps
