#include "fairness/moderation.hpp"

#include <utility>
#include <vector>

#include "fairness/player_texts.hpp"

namespace liveops::fairness {
namespace {

constexpr std::size_t kLookedBack = 100;  // lines of audit in which the start of a block is looked for

/// Since when the newest block lasts, longer ones and repeats included; `audit` is newest first. nullopt: there is
/// none.
std::optional<core::Timestamp> start_of_block(const std::vector<ports::AuditEntry>& audit) {
  std::optional<core::Timestamp> start;
  for (const ports::AuditEntry& entry : audit) {
    if (entry.action == "block" || entry.action == "quarantine") {
      start = entry.at;
    } else if (start && (entry.action == "unblock" || entry.action == "clear" || entry.action == "overturn")) {
      break;
    }
  }
  return start;
}

}  // namespace

std::string_view to_string(OperatorAction action) {
  switch (action) {
    case OperatorAction::block:
      return "block";
    case OperatorAction::unblock:
      return "unblock";
    case OperatorAction::clear:
      return "clear";
    case OperatorAction::overturn:
      return "overturn";
    case OperatorAction::disqualify:
      return "disqualify";
    case OperatorAction::reinstate:
      return "reinstate";
  }
  return {};
}

Moderation::Moderation(Engine& engine, const PlayerHasher& hasher, Standings& standings, ports::VerdictStore& store,
                       const PolicyName& policy, const core::Clock& clock)
    : engine_(engine), hasher_(hasher), standings_(standings), store_(store), policy_(policy), clock_(clock) {}

ports::Task<ports::PlayerStanding> Moderation::carry_out(OperatorOrder order) {
  const core::Timestamp now = clock_.now();
  if (auto possible = co_await complete(order, now); !possible) co_return std::unexpected(possible.error());
  std::vector<ports::StandingRequest> requests;
  requests.push_back(request_of(order, now));
  auto changed = co_await standings_.change(std::move(requests));
  if (!changed) co_return std::unexpected(changed.error());
  reflect(order.player_id, to_string(order.action));
  co_return std::move(changed->front());
}

ports::StandingRequest Moderation::request_of(const OperatorOrder& order, core::Timestamp now) const {
  ports::StandingRequest request{.wanted = {.player_id = order.player_id,
                                            .reason = order.reason,
                                            .rule = std::string(kOperatorRule),
                                            .policy_version = policy_.get(),
                                            .at = now},
                                 .actor = order.actor,
                                 .action = std::string(to_string(order.action))};
  switch (order.action) {
    case OperatorAction::block:
      request.wanted.state = core::VerdictAction::block;
      if (order.duration) request.wanted.until = now + *order.duration;
      break;
    case OperatorAction::disqualify:
      request.part = ports::StandingRequest::Part::disqualification;
      request.wanted.disqualified = {.since = order.since.value_or(now), .reason = order.reason};
      break;
    case OperatorAction::reinstate:
      request.part = ports::StandingRequest::Part::disqualification;
      break;
    case OperatorAction::overturn:
      request.overturns_since = order.since;
      break;
    case OperatorAction::unblock:
    case OperatorAction::clear:
      break;
  }
  return request;
}

ports::Task<void> Moderation::complete(OperatorOrder& order, core::Timestamp now) {
  if (order.since && *order.since > now) {
    co_return core::fail(core::Errc::invalid_argument,
                         "`since` lies ahead: an order counts from now on at the latest.");
  }
  if (order.action == OperatorAction::block || order.action == OperatorAction::disqualify) co_return core::Status{};
  const auto history = co_await store_.history(order.player_id, kLookedBack);
  if (!history) co_return std::unexpected(history.error());
  if (!is_known(order.player_id, *history, now)) {
    co_return core::fail(core::Errc::not_found, "There is no such player: no event of this id was ever seen.");
  }
  if (order.action == OperatorAction::reinstate && !(history->standing && history->standing->disqualified)) {
    co_return core::fail(core::Errc::conflict, "The player is not disqualified.");
  }
  if (order.action == OperatorAction::overturn && !order.since) order.since = start_of_block(history->audit);
  co_return core::Status{};
}

ports::Task<void> Moderation::follow() {
  const auto news = co_await standings_.follow();
  if (!news) co_return std::unexpected(news.error());
  for (const ports::StandingNews& one : *news) reflect(one.standing.player_id, one.action);
  co_return core::Status{};
}

/// What an order means for the player's evidence.
void Moderation::reflect(const core::PlayerId& player, std::string_view action) {
  const bool pardons = action == to_string(OperatorAction::unblock) || action == to_string(OperatorAction::overturn);
  if (pardons) engine_.pardon(hasher_(player.str()));
  const bool clears = action == to_string(OperatorAction::clear);
  if (clears) engine_.erase(hasher_(player.str()));
  if ((pardons || clears) && opinion_ != nullptr) opinion_->pardon(player);
}

bool Moderation::is_known(const core::PlayerId& player, const ports::PlayerHistory& history,
                          core::Timestamp now) const {
  const bool noted = history.standing || !history.decisions.empty() || !history.audit.empty();
  return noted || engine_.explain(hasher_(player.str()), now);
}

}  // namespace liveops::fairness
