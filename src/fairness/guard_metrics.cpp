#include "fairness/guard_metrics.hpp"

#include <string>

#include "fairness/explanation.hpp"

namespace liveops::fairness {
namespace {

constexpr const char* kDropped = "dropped_events_total";
constexpr const char* kDroppedHelp = "Events refused, by reason.";
constexpr const char* kDecisions = "liveops_fairness_decisions_total";
constexpr const char* kDecisionsHelp = "Decisions on events, by what the rule asks for and the rule's mode.";

}  // namespace

GuardMetrics::GuardMetrics(ports::Metrics& metrics)
    : dropped_blocked_(metrics.counter(kDropped, kDroppedHelp, {{"reason", "blocked"}})),
      dropped_throttled_(metrics.counter(kDropped, kDroppedHelp, {{"reason", "throttled"}})),
      allowed_(metrics.counter(kDecisions, kDecisionsHelp, {{"action", "allow"}, {"mode", "none"}})),
      players_(metrics.gauge("liveops_fairness_players", "Players held in memory.", {})) {
  for (std::size_t i = 0; i < kDetectors; ++i) {
    const std::string name(core::to_string(static_cast<Detector>(i)));
    dropped_[i] = &metrics.counter(kDropped, kDroppedHelp, {{"reason", name}});
    flags_[i] = &metrics.counter("anomaly_flags_total", "Remarks on events, by check, shadow ones included.",
                                 {{"detector", name}});
  }
  for (std::size_t action = 0; action < kActions; ++action) {
    Finding finding;
    finding.action = static_cast<core::VerdictAction>(action);
    for (std::size_t mode = 0; mode < kModes; ++mode) {
      decisions_[action][mode] =
          &metrics.counter(kDecisions, kDecisionsHelp,
                           {{"action", std::string(action_name(finding))},
                            {"mode", std::string(core::to_string(static_cast<core::RuleMode>(mode)))}});
    }
  }
}

void GuardMetrics::found(const Finding& finding) {
  flags_[static_cast<std::size_t>(finding.detector)]->add();
  decisions_[static_cast<std::size_t>(finding.action)][static_cast<std::size_t>(finding.mode)]->add();
}

void GuardMetrics::refused_by_standing(core::VerdictAction state) {
  (state == core::VerdictAction::block ? dropped_blocked_ : dropped_throttled_).add();
}

}  // namespace liveops::fairness
