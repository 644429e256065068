#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "fairness/engine.hpp"
#include "fairness/player_key.hpp"
#include "fairness/policy_name.hpp"
#include "fairness/standings.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

enum class OperatorAction : std::uint8_t {
  block,    // from now on every event is refused
  unblock,  // ends a block or throttle and takes back the evidence that led to it
  clear     // the same, and forgets what is usual for the player
};
[[nodiscard]] std::string_view to_string(OperatorAction action);

/// What an operator wants done to a player.
struct OperatorOrder {
  OperatorAction action = OperatorAction::block;
  core::PlayerId player_id;
  std::string reason;
  std::optional<std::chrono::seconds> duration;  // of a block; absent: no end
  std::string actor;                             // for the audit, not empty
};

/// Carries out what operators decide, durably and audited.
///
/// Threads: any.
class Moderation {
 public:
  Moderation(Engine& engine, const PlayerHasher& hasher, Standings& standings, ports::VerdictStore& store,
             const PolicyName& policy, const core::Clock& clock);

  /// The player's new standing, in force and durable. A player never seen may be blocked, not unblocked or cleared.
  /// Errors: `not_found`, `unavailable`.
  [[nodiscard]] ports::Task<ports::PlayerStanding> carry_out(OperatorOrder order);

  /// Takes over what was decided at other replicas of this service. One call at a time. Errors: as Standings::follow.
  [[nodiscard]] ports::Task<void> follow();

 private:
  void reflect(const core::PlayerId& player, std::string_view action);
  [[nodiscard]] ports::Task<void> require_known(core::PlayerId player);

  Engine& engine_;
  const PlayerHasher& hasher_;
  Standings& standings_;
  ports::VerdictStore& store_;
  const PolicyName& policy_;
  const core::Clock& clock_;
};

}  // namespace liveops::fairness
