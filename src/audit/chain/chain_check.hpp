#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ports/audit_trail.hpp"
#include "ports/task.hpp"

namespace liveops::audit {

/// Something that nobody who may only add lines can have done.
struct ChainFinding {
  std::int64_t position = 0;  // of the line; 0: of the chain as a whole
  std::string what;
};

struct ChainReport {
  ports::AuditHead head;               // of the lines as they were found
  std::vector<ChainFinding> findings;  // the first ones
  std::vector<std::string> adoptions;  // each time that lines were taken into the chain later than they were written
  std::uint64_t more_findings = 0;     // beyond those
};

/// An end of the chain that somebody wrote down elsewhere, to find one that was set back as a whole.
struct KnownHead {
  std::int64_t lines = 0;
  std::string hash;
};

/// Reads the audit from its first line to its signed end, and finds every line that was edited, removed or moved, an
/// end that was cut off, and lines that were added around the chain.
///
/// A finding names the line where the chain breaks; whoever recomputes hashes behind an edited line breaks it at the
/// next one, and at the latest at the end, whose signature takes the secret. Threads: any; one `run` at a time.
class ChainCheck {
 public:
  static constexpr std::size_t kMaxFindings = 100;

  /// `secrets`: one of them signed the end (several during a rotation). `trail` outlives this.
  ChainCheck(ports::AuditTrail& trail, std::vector<std::string> secrets, std::optional<KnownHead> known = {});

  /// Lines that are added meanwhile do no harm. Errors: as AuditTrail.
  [[nodiscard]] ports::Task<ChainReport> run();

 private:
  void add(std::int64_t position, std::string what);
  void check(const ports::AuditLine& line);
  /// Reads on from where it is, to the end.
  [[nodiscard]] ports::Task<void> read_lines();
  [[nodiscard]] ports::Task<void> read_loose();
  void note_adoption(const ports::AuditLine& line);
  /// What must be so of an end that was read before the lines: they reach it, and its line is the one that was signed.
  void compare_first(const ports::AuditHead& head);
  /// And of one that was read after them: they do not go beyond it.
  void compare_last(const ports::AuditHead& head);
  [[nodiscard]] bool is_signed(const ports::AuditHead& head) const;

  ports::AuditTrail& trail_;
  std::vector<std::string> secrets_;
  std::optional<KnownHead> known_;
  ChainReport report_;
  ports::AuditHead end_;   // as it was signed before the lines were read
  std::string end_found_;  // hash of the line that `end_` names
  std::int64_t last_number_ = 0;
};

}  // namespace liveops::audit
