#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/task.hpp"

namespace liveops::ports {

/// Why somebody should look at a player.
struct Suspicion {
  core::PlayerId player_id;
  std::string rule;         // which check, or which finding of the slower tier
  std::string action;       // what was done about it: "review" (nothing), "flag", "quarantine", "block"
  double evidence = 0;      // as the rule counts it
  std::string summary;      // in words, for the reviewer
  std::string decision_id;  // names the remark: the same one counts once; its explanation, where it has one
  core::Timestamp at;
};

enum class ReviewState : std::uint8_t { open, claimed, decided };
enum class ReviewOutcome : std::uint8_t { uphold, overturn };  // the rule was right, or wrong

[[nodiscard]] constexpr std::string_view to_string(ReviewState state) {
  return state == ReviewState::open ? "open" : state == ReviewState::claimed ? "claimed" : "decided";
}
[[nodiscard]] constexpr std::string_view to_string(ReviewOutcome outcome) {
  return outcome == ReviewOutcome::uphold ? "uphold" : "overturn";
}

/// One thing to be decided. There is at most one undecided case of a player and rule.
struct ReviewCase {
  std::int64_t id = 0;
  Suspicion latest;          // the newest remark
  std::int64_t remarks = 0;  // how many there were
  core::Timestamp opened_at;

  struct Claim {
    std::string worker;
    core::Timestamp until;
    friend bool operator==(const Claim&, const Claim&) = default;
  };
  std::optional<Claim> claim;  // the last one; it holds until it ends or the case is decided

  struct Decision {
    ReviewOutcome outcome = ReviewOutcome::uphold;
    std::string worker;
    std::string reason;
    core::Timestamp at;
    bool carried_out = false;  // an `uphold` is from the start
    friend bool operator==(const Decision&, const Decision&) = default;
  };
  std::optional<Decision> decision;

  [[nodiscard]] ReviewState state(core::Timestamp now) const {
    if (decision) return ReviewState::decided;
    return claim && claim->until > now ? ReviewState::claimed : ReviewState::open;
  }
};

/// Which cases to list; what is absent matches all.
struct ReviewFilter {
  std::optional<ReviewState> state;
  std::optional<std::string> rule;
  std::optional<core::PlayerId> player;
};

/// What came of a rule's cases. Outcomes count for ever, also those of cases that are not kept any more.
struct RuleReviews {
  std::string rule;
  std::int64_t undecided = 0;
  std::int64_t upheld = 0;
  std::int64_t overturned = 0;

  /// Share of its decided cases in which the rule was right; nullopt: none was decided.
  [[nodiscard]] std::optional<double> precision() const {
    const std::int64_t decided = upheld + overturned;
    if (decided == 0) return std::nullopt;
    return static_cast<double>(upheld) / static_cast<double>(decided);
  }
};

/// The cases that wait for a person's decision, durably; each is decided by one.
///
/// Holds at most `kMaxUndecided` undecided cases; the newest `kKeptDecided` decided ones stay.
/// Threads: any. Every call: `unavailable` when the store is away (safe to repeat), `corrupt`.
class ReviewStore {
 public:
  static constexpr std::int64_t kMaxUndecided = 100'000;
  static constexpr std::int64_t kKeptDecided = 100'000;

  virtual ~ReviewStore() = default;

  /// Opens a case for each, or adds it to the undecided one of its player and rule; one that is the case's newest
  /// already changes nothing. Gives how many found no room.
  [[nodiscard]] virtual Task<std::uint64_t> open(std::vector<Suspicion> suspicions) = 0;

  /// By id, descending, those below `before` (absent: from the newest). States are as of `now`.
  [[nodiscard]] virtual Task<std::vector<ReviewCase>> list(ReviewFilter filter, core::Timestamp now, std::size_t limit,
                                                           std::optional<std::int64_t> before) = 0;

  /// Errors: `not_found`.
  [[nodiscard]] virtual Task<ReviewCase> find(std::int64_t id) = 0;

  /// Gives the case to `worker` until `now` + `lease`; who has it already has it longer then. Of several who ask at
  /// once one gets it. Errors: `not_found`, `conflict` (another has it, or it is decided).
  [[nodiscard]] virtual Task<ReviewCase> claim(std::int64_t id, std::string worker, core::Timestamp now,
                                               std::chrono::seconds lease) = 0;

  /// Ends the case. Only who has it may: `decision.worker`, at `decision.at`. The same decision again: nothing happens.
  /// An `uphold` is a line of the audit (ports/audit_chain.hpp) in the same transaction; of an `overturn` the order is.
  /// Errors: `not_found`, `conflict` (the claim is another's, or has ended; or decided otherwise).
  [[nodiscard]] virtual Task<ReviewCase> decide(std::int64_t id, ReviewCase::Decision decision) = 0;

  /// Decided cases whose decision has not been carried out, oldest first.
  [[nodiscard]] virtual Task<std::vector<ReviewCase>> to_carry_out(std::size_t limit) = 0;
  /// Notes that it has been. Errors: `not_found`.
  [[nodiscard]] virtual Task<void> carried_out(std::int64_t id) = 0;

  /// By rule.
  [[nodiscard]] virtual Task<std::vector<RuleReviews>> summary() = 0;
};

}  // namespace liveops::ports
