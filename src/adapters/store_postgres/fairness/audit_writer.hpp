#pragma once

#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/audit_chain.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// Adds lines to the audit, each chained to the one before it, and moves the signed head along, within a transaction
/// that has written all else: it holds the head until its end, so that lines of replicas follow one another. Arguments
/// outlive the call. Errors: as Session::run.
[[nodiscard]] ports::Task<void> append_audit(postgres::Session& session, const std::vector<ports::AuditEntry>& entries,
                                             const ports::AuditSigner& signer);

/// Where there is no chain yet: begins one with the lines that are there, and one that says so. Else nothing happens.
/// Arguments outlive the call. Errors: as Session::run.
[[nodiscard]] ports::Task<void> adopt_audit(postgres::Session& session, const ports::AuditSigner& signer);

}  // namespace liveops::adapters::store_postgres::fairness
