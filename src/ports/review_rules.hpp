#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/time.hpp"
#include "ports/review_store.hpp"
#include "ports/verdict_store.hpp"

/// The rules of ReviewStore that every adapter follows, once it holds the case for itself.
namespace liveops::ports {

/// Errors: `conflict`.
[[nodiscard]] inline core::Status may_claim(const ReviewCase& held, std::string_view worker, core::Timestamp now) {
  if (held.decision) return core::fail(core::Errc::conflict, "The case is decided already.");
  if (held.state(now) == ReviewState::open || held.claim->worker == worker) return {};
  return core::fail(core::Errc::conflict, "The case is with " + held.claim->worker + " until " +
                                              core::format_rfc3339(held.claim->until) + ".");
}

/// True: to be written. False: that is what was decided. Errors: `conflict`.
[[nodiscard]] inline core::Result<bool> may_decide(const ReviewCase& held, const ReviewCase::Decision& decision) {
  if (held.decision) {
    const bool same = held.decision->outcome == decision.outcome && held.decision->worker == decision.worker;
    if (same) return false;
    return core::fail(core::Errc::conflict,
                      "The case is decided already: " + std::string(to_string(held.decision->outcome)) + ", by " +
                          held.decision->worker + ".");
  }
  if (held.state(decision.at) == ReviewState::claimed && held.claim->worker == decision.worker) return true;
  return core::fail(core::Errc::conflict, "The case is not with " + decision.worker + ": claim it first.");
}

/// Who decided, as the audit names him.
[[nodiscard]] inline std::string reviewer_of(const ReviewCase& decided) {
  return "review " + std::to_string(decided.id) + " by " + decided.decision->worker;
}

/// The line of audit for a case that was just decided; nullopt: carrying the decision out will give one.
[[nodiscard]] inline std::optional<AuditEntry> audit_entry_of(const ReviewCase& decided) {
  if (decided.decision->outcome != ReviewOutcome::uphold) return std::nullopt;
  return AuditEntry{.player_id = decided.latest.player_id,
                    .actor = reviewer_of(decided),
                    .action = std::string(to_string(ReviewOutcome::uphold)),
                    .reason = decided.decision->reason,
                    .until = std::nullopt,
                    .at = decided.decision->at};
}

}  // namespace liveops::ports
