#pragma once

#include <optional>
#include <vector>

#include "adapters/postgres/pool.hpp"
#include "ports/audit_trail.hpp"

namespace liveops::adapters::store_postgres::fairness {

/// The audit in the schema `fairness`. Makes no schema: where there is none, calls fail and say so.
///
/// Threads: any.
class AuditTrail final : public ports::AuditTrail {
 public:
  /// `pool` outlives this.
  explicit AuditTrail(postgres::Pool& pool) : pool_(pool) {}

  [[nodiscard]] ports::Task<std::optional<ports::AuditHead>> head() override;
  [[nodiscard]] ports::Task<std::vector<ports::AuditLine>> lines(std::int64_t after, std::size_t limit) override;
  [[nodiscard]] ports::Task<std::vector<ports::AuditEntry>> loose(std::size_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace liveops::adapters::store_postgres::fairness
