#pragma once

#include <optional>
#include <vector>

#include "adapters/postgres/session.hpp"
#include "ports/review_store.hpp"

/// The reads of ReviewStore, within a transaction; each as the port says. Arguments outlive the call.
namespace liveops::adapters::store_postgres::fairness {

[[nodiscard]] ports::Task<std::vector<ports::ReviewCase>> list_reviews(postgres::Session& session,
                                                                       const ports::ReviewFilter& filter,
                                                                       core::Timestamp now, std::size_t limit,
                                                                       std::optional<std::int64_t> before);
[[nodiscard]] ports::Task<ports::ReviewCase> find_review(postgres::Session& session, std::int64_t id);
/// As `find_review`, held until the transaction ends.
[[nodiscard]] ports::Task<ports::ReviewCase> lock_review(postgres::Session& session, std::int64_t id);
[[nodiscard]] ports::Task<std::vector<ports::ReviewCase>> reviews_to_carry_out(postgres::Session& session,
                                                                               std::size_t limit);
[[nodiscard]] ports::Task<std::vector<ports::RuleReviews>> summarize_reviews(postgres::Session& session);

}  // namespace liveops::adapters::store_postgres::fairness
