#pragma once

#include <array>
#include <cstddef>

#include "fairness/decision.hpp"
#include "ports/metrics.hpp"

namespace liveops::fairness {

/// What fairness counts. Looked up once.
///
/// Threads: any.
class GuardMetrics {
 public:
  explicit GuardMetrics(ports::Metrics& metrics);

  /// `count` events passed without a word.
  void allowed(std::size_t count) { allowed_.add(static_cast<double>(count)); }
  /// A check had something to say.
  void found(const Finding& finding);
  /// An event was refused for what `detector` said of it.
  void refused(Detector detector) { dropped_[static_cast<std::size_t>(detector)]->add(); }
  /// An event was refused because of the player's standing.
  void refused_by_standing(core::VerdictAction state);
  void players(std::size_t count) { players_.set(static_cast<double>(count)); }

 private:
  static constexpr std::size_t kActions = core::kVerdictActions;
  static constexpr std::size_t kModes = core::kRuleModes;

  std::array<ports::Counter*, kDetectors> dropped_{};
  std::array<ports::Counter*, kDetectors> flags_{};
  std::array<std::array<ports::Counter*, kModes>, kActions> decisions_{};
  ports::Counter& dropped_blocked_;
  ports::Counter& dropped_throttled_;
  ports::Counter& allowed_;
  ports::Gauge& players_;
};

}  // namespace liveops::fairness
