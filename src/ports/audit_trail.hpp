#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ports/audit_chain.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::ports {

/// A line of the audit with the link it carries.
struct AuditLine {
  AuditEntry entry;
  AuditLink link;
};

/// The audit as it lies in the store, for whoever checks it. Writes nothing, and keeps nobody from writing.
///
/// Threads: any. Errors of every call: `unavailable`, `timeout`, `corrupt`.
class AuditTrail {
 public:
  virtual ~AuditTrail() = default;

  /// The signed end of the chain; nullopt: there is none.
  [[nodiscard]] virtual Task<std::optional<AuditHead>> head() = 0;

  /// Lines by position, those after `after`.
  [[nodiscard]] virtual Task<std::vector<AuditLine>> lines(std::int64_t after, std::size_t limit) = 0;

  /// Lines that carry no link, by number: nobody who chains lines has written them.
  [[nodiscard]] virtual Task<std::vector<AuditEntry>> loose(std::size_t limit) = 0;
};

}  // namespace liveops::ports
