#include "fairness/moderation.hpp"

#include <utility>
#include <vector>

namespace liveops::fairness {

std::string_view to_string(OperatorAction action) {
  switch (action) {
    case OperatorAction::block:
      return "block";
    case OperatorAction::unblock:
      return "unblock";
    case OperatorAction::clear:
      return "clear";
  }
  return {};
}

Moderation::Moderation(Engine& engine, const PlayerHasher& hasher, Standings& standings, ports::VerdictStore& store,
                       const PolicyName& policy, const core::Clock& clock)
    : engine_(engine), hasher_(hasher), standings_(standings), store_(store), policy_(policy), clock_(clock) {}

ports::Task<ports::PlayerStanding> Moderation::carry_out(OperatorOrder order) {
  const bool block = order.action == OperatorAction::block;
  if (!block) {
    if (auto known = co_await require_known(order.player_id); !known) co_return std::unexpected(known.error());
  }
  const core::Timestamp now = clock_.now();
  std::vector<ports::StandingRequest> requests;
  requests.push_back({.wanted = {.player_id = order.player_id,
                                 .state = block ? core::VerdictAction::block : core::VerdictAction::allow,
                                 .reason = std::move(order.reason),
                                 .rule = "operator",
                                 .policy_version = policy_.get(),
                                 .at = now},
                      .actor = std::move(order.actor),
                      .action = std::string(to_string(order.action))});
  if (block && order.duration) requests.front().wanted.until = now + *order.duration;
  auto changed = co_await standings_.change(std::move(requests));
  if (!changed) co_return std::unexpected(changed.error());
  reflect(order.player_id, to_string(order.action));
  co_return std::move(changed->front());
}

ports::Task<void> Moderation::follow() {
  const auto news = co_await standings_.follow();
  if (!news) co_return std::unexpected(news.error());
  for (const ports::StandingNews& one : *news) reflect(one.standing.player_id, one.action);
  co_return core::Status{};
}

/// What an order means for the player's evidence.
void Moderation::reflect(const core::PlayerId& player, std::string_view action) {
  if (action == to_string(OperatorAction::unblock)) engine_.pardon(hasher_(player.str()));
  if (action == to_string(OperatorAction::clear)) engine_.erase(hasher_(player.str()));
}

ports::Task<void> Moderation::require_known(core::PlayerId player) {
  if (engine_.explain(hasher_(player.str()), clock_.now())) co_return core::Status{};
  auto history = co_await store_.history(std::move(player), 1);
  if (!history) co_return std::unexpected(history.error());
  if (history->standing || !history->decisions.empty() || !history->audit.empty()) co_return core::Status{};
  co_return core::fail(core::Errc::not_found, "There is no such player: no event of this id was ever seen.");
}

}  // namespace liveops::fairness
