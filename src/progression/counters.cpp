#include "progression/counters.hpp"

namespace liveops::progression {

namespace {

ports::Counter& make(ports::Metrics& metrics, const std::string& name, const std::string& help,
                     const std::string& outcome = {}) {
  ports::Labels labels;
  if (!outcome.empty()) labels.emplace_back("outcome", outcome);
  return metrics.counter("liveops_progression_" + name, help, labels);
}

constexpr const char* kEvents = "Events taken from the bus, by what became of them.";
constexpr const char* kClaims = "Reward claims, by what became of them.";
constexpr const char* kRedeemed = "Receipts presented for redemption.";
constexpr const char* kJudged = "Receipts revoked because their player was disqualified, or good again.";
constexpr const char* kCache = "Reads of a player's progress, by whether the cache had it.";

}  // namespace

Counters::Counters(ports::Metrics& metrics)
    : applied(make(metrics, "events_total", kEvents, "applied")),
      duplicates(make(metrics, "events_total", kEvents, "duplicate")),
      undecodable(make(metrics, "events_total", kEvents, "undecodable")),
      drops_refused(make(metrics, "drops_refused_total", "Claims of a drop that was granted before.")),
      saturated(make(metrics, "sums_saturated_total", "Additions that stopped at 2^53.")),
      rewards_earned(make(metrics, "rewards_earned_total", "Rewards whose condition was reached.")),
      claims_granted(make(metrics, "reward_claims_total", kClaims, "granted")),
      claims_repeated(make(metrics, "reward_claims_total", kClaims, "repeated")),
      claims_refused(make(metrics, "reward_claims_total", kClaims, "refused")),
      redeemed(make(metrics, "receipts_redeemed_total", kRedeemed, "redeemed")),
      redeemed_before(make(metrics, "receipts_redeemed_total", kRedeemed, "repeated")),
      redeem_refused(make(metrics, "receipts_redeemed_total", kRedeemed, "revoked")),
      revoked(make(metrics, "receipts_judged_total", kJudged, "revoked")),
      restored(make(metrics, "receipts_judged_total", kJudged, "restored")),
      cache_hits(make(metrics, "cache_reads_total", kCache, "hit")),
      cache_misses(make(metrics, "cache_reads_total", kCache, "miss")),
      cache_errors(make(metrics, "cache_errors_total", "Failed cache calls; the store was used instead.")),
      forgotten(make(metrics, "inbox_forgotten_total", "Event ids that left the inbox after their retention.")) {}

}  // namespace liveops::progression
