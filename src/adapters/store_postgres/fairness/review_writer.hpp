#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/audit_chain.hpp"
#include "ports/review_store.hpp"

/// The writes of ReviewStore, each within a transaction of its own; as the port says. Arguments outlive the call.
namespace liveops::adapters::store_postgres::fairness {

[[nodiscard]] ports::Task<std::uint64_t> open_reviews(postgres::Session& session,
                                                      const std::vector<ports::Suspicion>& suspicions);
[[nodiscard]] ports::Task<ports::ReviewCase> claim_review(postgres::Session& session, std::int64_t id,
                                                          const std::string& worker, core::Timestamp now,
                                                          std::chrono::seconds lease);
[[nodiscard]] ports::Task<ports::ReviewCase> decide_review(postgres::Session& session, std::int64_t id,
                                                           const ports::ReviewCase::Decision& decision,
                                                           const ports::AuditSigner& signer);
[[nodiscard]] ports::Task<void> review_carried_out(postgres::Session& session, std::int64_t id);

}  // namespace liveops::adapters::store_postgres::fairness
