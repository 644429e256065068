#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "fairness/async/second_opinion.hpp"
#include "fairness/engine.hpp"
#include "fairness/player_key.hpp"
#include "fairness/policy_name.hpp"
#include "fairness/standings.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

enum class OperatorAction : std::uint8_t {
  block,       // from now on every event is refused
  unblock,     // ends a block or throttle and takes back the evidence that led to it
  clear,       // the same, and forgets what is usual for the player
  overturn,    // as unblock, and says that the verdict was wrong: places in periods sealed meanwhile come back, too
  disqualify,  // out of every ranking that closes after `since`; receipts since then are revoked
  reinstate    // takes the disqualification back
};
[[nodiscard]] std::string_view to_string(OperatorAction action);

/// What an operator wants done to a player.
struct OperatorOrder {
  OperatorAction action = OperatorAction::block;
  core::PlayerId player_id;
  std::string reason;
  std::optional<std::chrono::seconds> duration;  // of a block; absent: no end
  std::optional<core::Timestamp> since = {};  // of a disqualification; absent: now. Of what is overturned; absent: the
                                              // start of the block that is in force, or was last
  std::string actor;                          // for the audit, not empty
};

/// Carries out what operators decide, durably and audited.
///
/// Threads: any.
class Moderation {
 public:
  Moderation(Engine& engine, const PlayerHasher& hasher, Standings& standings, ports::VerdictStore& store,
             const PolicyName& policy, const core::Clock& clock);

  /// The player's new standing, in force and durable. A player never seen may be blocked or disqualified, nothing else.
  /// Errors: `not_found`, `conflict` (reinstated, but not disqualified), `invalid_argument` (`since` lies ahead),
  /// `unavailable`.
  [[nodiscard]] ports::Task<ports::PlayerStanding> carry_out(OperatorOrder order);

  /// Takes over what was decided at other replicas of this service. One call at a time. Errors: as Standings::follow.
  [[nodiscard]] ports::Task<void> follow();

  /// From now on the slower tier is told, too, whom somebody found honest. Before the first order.
  void tell(async::SecondOpinion& opinion) { opinion_ = &opinion; }

 private:
  void reflect(const core::PlayerId& player, std::string_view action);
  [[nodiscard]] ports::StandingRequest request_of(const OperatorOrder& order, core::Timestamp now) const;
  /// What only the player's history can say: is the order possible, and since when is what it overturns?
  [[nodiscard]] ports::Task<void> complete(OperatorOrder& order, core::Timestamp now);
  [[nodiscard]] bool is_known(const core::PlayerId& player, const ports::PlayerHistory& history,
                              core::Timestamp now) const;

  Engine& engine_;
  const PlayerHasher& hasher_;
  Standings& standings_;
  ports::VerdictStore& store_;
  const PolicyName& policy_;
  const core::Clock& clock_;
  async::SecondOpinion* opinion_ = nullptr;  // null: there is none
};

}  // namespace liveops::fairness
