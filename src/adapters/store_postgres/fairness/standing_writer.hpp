#pragma once

#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/audit_chain.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// VerdictStore::put within a transaction: locks the players, settles the requests in their order, writes standings,
/// audit and outbox, and prunes a few standings that ended long ago. All arguments must outlive the call.
/// Errors: as Session::run, `corrupt`.
[[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> put_standings(
    postgres::Session& session, const std::vector<ports::StandingRequest>& requests, const ports::AuditSigner& signer);

}  // namespace liveops::adapters::store_postgres::fairness
