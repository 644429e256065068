#include "fairness/burst_check.hpp"

namespace liveops::fairness {

BurstCheck::BurstCheck(const core::BurstRules& rules)
    : mode_(rules.mode),
      burst_(rules.burst_per_second, rules.burst_size),
      sustained_(rules.sustained_per_second, rules.sustained_credit) {}

std::optional<Finding> BurstCheck::judge(PlayerState& player, core::Timestamp now) const {
  if (mode_ == core::RuleMode::off) return std::nullopt;
  const std::int64_t now_us = now.time_since_epoch().count();
  const std::int64_t burst = burst_.next(player.burst_tat_us, now_us);
  if (!burst_.conforms(burst, now_us)) return refusal(Detector::burst, burst_, player.burst_tat_us, now_us);
  const std::int64_t sustained = sustained_.next(player.sustained_tat_us, now_us);
  if (!sustained_.conforms(sustained, now_us)) {
    return refusal(Detector::sustained, sustained_, player.sustained_tat_us, now_us);
  }
  player.burst_tat_us = burst;
  player.sustained_tat_us = sustained;
  return std::nullopt;
}

Finding BurstCheck::refusal(Detector detector, const Gcra& limit, std::int64_t tat_us, std::int64_t now_us) const {
  Finding finding;
  finding.detector = detector;
  finding.mode = mode_;
  finding.action = core::VerdictAction::throttle;
  finding.observed = limit.fill(tat_us, now_us) + 1;
  finding.expected = limit.size();
  finding.until = core::Timestamp(std::chrono::microseconds(limit.retry_at(tat_us)));
  return finding;
}

BurstCheck::Credit BurstCheck::credit(const PlayerState& player, core::Timestamp now) const {
  const std::int64_t now_us = now.time_since_epoch().count();
  return Credit{.burst = std::max(0.0, burst_.size() - burst_.fill(player.burst_tat_us, now_us)),
                .sustained = std::max(0.0, sustained_.size() - sustained_.fill(player.sustained_tat_us, now_us))};
}

}  // namespace liveops::fairness
