#pragma once

#include <cstdint>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// VerdictStore::record within a transaction, and the ring: of decisions the newest `kept` numbers stay. `decisions`
/// must outlive the call. Errors: as Session::run.
[[nodiscard]] ports::Task<void> record_decisions(postgres::Session& session,
                                                 const std::vector<ports::DecisionRecord>& decisions,
                                                 std::int64_t kept);

}  // namespace liveops::adapters::store_postgres::fairness
