#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"
#include "core/time.hpp"
#include "ports/verdict_store.hpp"

/// How lines of the audit hang together: the rule of every VerdictStore that writes them, and of whoever checks them.
///
/// Each line carries the SHA-256 of the line before it and its own, over its place, that hash and all it says. The head
/// says how many lines there are and how the last one hashes, and is signed, so that cutting the end off shows too.
namespace liveops::ports {

/// What a line carries beside its content.
struct AuditLink {
  std::int64_t position = 0;  // from 1, without gaps
  std::string previous;       // hash of the line before it, or kNoLine; lower-case hex
  std::string hash;           // of this line; lower-case hex
  friend bool operator==(const AuditLink&, const AuditLink&) = default;
};

/// In place of a hash before the first line.
inline constexpr std::string_view kNoLine = "0000000000000000000000000000000000000000000000000000000000000000";

/// The end of the chain.
struct AuditHead {
  std::int64_t lines = 0;
  std::string hash = std::string(kNoLine);  // of the last line
  std::string signature;                    // lower-case hex; see AuditSigner
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// What a line's hash covers. Texts come with their length in bytes, so that no two lines have the same text:
///
///     liveops-audit-v1
///     <position>
///     <previous>
///     <bytes>:<player>
///     <bytes>:<actor>
///     <bytes>:<action>
///     <bytes>:<reason>
///     <until, microseconds since 1970, or ->
///     <since, likewise>
///     <at, likewise>
///
/// Lines are separated by LF, none at the end.
[[nodiscard]] inline std::string audit_text(std::int64_t position, std::string_view previous, const AuditEntry& entry) {
  const auto sized = [](std::string_view text) { return '\n' + std::to_string(text.size()) + ':' + std::string(text); };
  const auto timed = [](const std::optional<core::Timestamp>& time) {
    return '\n' + (time ? std::to_string(time->time_since_epoch().count()) : std::string("-"));
  };
  return "liveops-audit-v1\n" + std::to_string(position) + '\n' + std::string(previous) + sized(entry.player_id.str()) +
         sized(entry.actor) + sized(entry.action) + sized(entry.reason) + timed(entry.until) + timed(entry.since) +
         timed(entry.at);
}

/// The link of the line that follows `head`.
[[nodiscard]] inline AuditLink link_after(const AuditHead& head, const AuditEntry& entry) {
  const std::int64_t position = head.lines + 1;
  const auto digest = core::crypto::sha256(audit_text(position, head.hash, entry));
  return {.position = position, .previous = head.hash, .hash = core::crypto::to_hex(core::crypto::as_bytes(digest))};
}

/// The line that the service itself adds behind `lines` that were there before it chained any. So nobody can have an
/// audit chained anew, after editing it, without a trace of when that was.
[[nodiscard]] inline AuditEntry adoption_of(std::int64_t lines, core::Timestamp now) {
  return {.player_id = core::PlayerId::trusted("-"),
          .actor = "liveops",
          .action = "adopt",
          .reason = std::to_string(lines) + " lines from before there was a chain were taken into it",
          .until = std::nullopt,
          .at = now};
}

/// Signs heads: HMAC-SHA256, lower-case hex, over `liveops-audit-head-v1\n<lines>\n<hash>`.
///
/// Threads: any (const).
class AuditSigner {
 public:
  explicit AuditSigner(std::string_view secret) : key_(secret) {}

  [[nodiscard]] std::string sign(std::int64_t lines, std::string_view hash) const {
    const std::string start = "liveops-audit-head-v1\n" + std::to_string(lines) + '\n';
    const std::array<std::string_view, 2> parts{start, hash};
    return core::crypto::to_hex(core::crypto::as_bytes(key_.sign(parts)));
  }

  /// The head once `link` is its last line.
  [[nodiscard]] AuditHead head_at(const AuditLink& link) const {
    return {.lines = link.position, .hash = link.hash, .signature = sign(link.position, link.hash)};
  }

 private:
  core::crypto::HmacKey key_;
};

}  // namespace liveops::ports
