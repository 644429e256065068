#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/verdict_store.hpp"

/// The reads of VerdictStore within a transaction; each as the port says. References must outlive the call.
/// Errors: as Session::run, `corrupt`.
namespace liveops::adapters::store_postgres::fairness {

[[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> read_active(postgres::Session& session,
                                                                          core::Timestamp now);
[[nodiscard]] ports::Task<ports::StandingFeed> read_changes(postgres::Session& session, std::int64_t position);
[[nodiscard]] ports::Task<ports::DecisionRecord> read_one_decision(postgres::Session& session, const std::string& id);
[[nodiscard]] ports::Task<ports::PlayerHistory> read_history(postgres::Session& session, const core::PlayerId& player,
                                                             std::size_t limit);
[[nodiscard]] ports::Task<std::vector<ports::FlaggedPlayer>> read_flagged(postgres::Session& session, std::size_t limit,
                                                                          std::optional<std::int64_t> before);
[[nodiscard]] ports::Task<std::vector<ports::PendingChange>> read_pending(postgres::Session& session,
                                                                          std::size_t limit);

}  // namespace liveops::adapters::store_postgres::fairness
