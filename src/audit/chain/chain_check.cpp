#include "audit/chain/chain_check.hpp"

#include <algorithm>
#include <utility>

#include "core/crypto/digest.hpp"

namespace liveops::audit {
namespace {

constexpr std::size_t kLinesAtOnce = 1000;

}  // namespace

ChainCheck::ChainCheck(ports::AuditTrail& trail, std::vector<std::string> secrets, std::optional<KnownHead> known)
    : trail_(trail), secrets_(std::move(secrets)), known_(std::move(known)) {}

// Lines and end change together, in one transaction: lines that are read between two reads of the end reach the first
// of them, and do not go beyond the second.
ports::Task<ChainReport> ChainCheck::run() {
  report_ = {};
  last_number_ = 0;
  const auto before = co_await trail_.head();
  if (!before) co_return std::unexpected(before.error());
  end_ = before->value_or(ports::AuditHead{});
  end_found_ = ports::kNoLine;
  if (auto done = co_await read_lines(); !done) co_return std::unexpected(done.error());
  const auto after = co_await trail_.head();
  if (!after) co_return std::unexpected(after.error());
  if (*before && *after) {
    compare_first(**before);
    compare_last(**after);
  } else if (report_.head.lines > 0) {
    add(0, "the signed end is gone");
  }
  if (known_ && known_->lines > report_.head.lines) {
    add(0, "there were " + std::to_string(known_->lines) + " lines once, there are " +
               std::to_string(report_.head.lines) + ": the end was cut off");
  }
  if (auto done = co_await read_loose(); !done) co_return std::unexpected(done.error());
  co_return std::move(report_);
}

void ChainCheck::add(std::int64_t position, std::string what) {
  if (report_.findings.size() < kMaxFindings) {
    report_.findings.push_back({position, std::move(what)});
  } else {
    ++report_.more_findings;
  }
}

ports::Task<void> ChainCheck::read_lines() {
  for (;;) {
    const auto lines = co_await trail_.lines(report_.head.lines, kLinesAtOnce);
    if (!lines) co_return std::unexpected(lines.error());
    if (lines->empty()) co_return core::Status{};
    for (const ports::AuditLine& line : *lines) check(line);
  }
}

void ChainCheck::check(const ports::AuditLine& line) {
  const ports::AuditLink& link = line.link;
  const std::int64_t expected = report_.head.lines + 1;
  const std::string about = " (number " + std::to_string(line.entry.number) + ", " + line.entry.action + " of " +
                            line.entry.player_id.str() + ")";
  if (link.position == expected + 1) {
    add(expected, "line " + std::to_string(expected) + " is missing");
  } else if (link.position > expected) {
    add(expected, "lines " + std::to_string(expected) + " to " + std::to_string(link.position - 1) + " are missing");
  } else if (link.previous != report_.head.hash) {
    add(link.position, "line " + std::to_string(link.position) + about + " does not follow the line before it");
  }
  const ports::AuditHead before{.lines = link.position - 1, .hash = link.previous, .signature = {}};
  if (ports::link_after(before, line.entry).hash != link.hash) {
    add(link.position, "line " + std::to_string(link.position) + about + " was edited or moved");
  }
  if (line.entry.number <= last_number_) {
    add(link.position, "line " + std::to_string(link.position) + about + " has a number out of order");
  }
  if (known_ && known_->lines == link.position && known_->hash != link.hash) {
    add(link.position, "line " + std::to_string(link.position) + about + " is not the one that was known");
  }
  last_number_ = std::max(last_number_, line.entry.number);
  report_.head.lines = link.position;
  report_.head.hash = link.hash;
  if (link.position == end_.lines) end_found_ = link.hash;
  note_adoption(line);
}

void ChainCheck::note_adoption(const ports::AuditLine& line) {
  const ports::AuditEntry expected = ports::adoption_of(0, line.entry.at);
  if (line.entry.actor != expected.actor || line.entry.action != expected.action) return;
  report_.adoptions.push_back("line " + std::to_string(line.link.position) + ", " +
                              core::format_rfc3339(line.entry.at) + ": " + line.entry.reason);
}

void ChainCheck::compare_first(const ports::AuditHead& head) {
  if (head.signature.empty() && head.lines == 0 && report_.head.lines == 0) return;  // no service has opened it yet
  if (!is_signed(head)) add(0, "the end is not signed by a key that is known here");
  if (head.lines > report_.head.lines) {
    add(0, "the signed end is line " + std::to_string(head.lines) + ", the last one found is " +
               std::to_string(report_.head.lines) + ": the end was cut off");
  } else if (head.hash != end_found_) {
    add(0, "the last line is not the one that was signed");
  }
}

void ChainCheck::compare_last(const ports::AuditHead& head) {
  report_.head.signature = head.signature;
  if (head.lines < report_.head.lines) {
    add(0, "there are lines behind the signed end, which is line " + std::to_string(head.lines));
  }
}

bool ChainCheck::is_signed(const ports::AuditHead& head) const {
  return std::ranges::any_of(secrets_, [&](const std::string& secret) {
    return core::crypto::equal_constant_time(ports::AuditSigner(secret).sign(head.lines, head.hash), head.signature);
  });
}

ports::Task<void> ChainCheck::read_loose() {
  const auto loose = co_await trail_.loose(kMaxFindings + 1);
  if (!loose) co_return std::unexpected(loose.error());
  for (const ports::AuditEntry& entry : *loose) {
    add(0, "number " + std::to_string(entry.number) + " (" + entry.action + " of " + entry.player_id.str() +
               ") is not in the chain");
  }
  co_return core::Status{};
}

}  // namespace liveops::audit
