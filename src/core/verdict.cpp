#include "core/verdict.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <utility>

#include "core/event_fields.hpp"
#include "core/json_fields.hpp"

namespace liveops::core {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxDepth = 2;
constexpr std::string_view kEnvelopeType = "verdict";

enum ChangeField : std::size_t {
  field_v,
  field_player_id,
  field_blocked,
  field_until,
  field_standing_version,
  field_at,
  field_reason,
  field_disqualified_since,
  field_disqualified_reason,
  field_overturned_since
};
constexpr std::array<std::string_view, 10> kChangeNames{"v",
                                                        "player_id",
                                                        "blocked",
                                                        "until",
                                                        "version",
                                                        "at",
                                                        "reason",
                                                        "disqualified_since",
                                                        "disqualified_reason",
                                                        "overturned_since"};

/// "verdict/" holds a character that no key id has, so these ids are never an event's.
EventId change_id(const PlayerId& player, std::int64_t version) {
  return EventId::derive(KeyId::trusted("verdict/" + player.str()), std::to_string(version));
}

StandingChange read_change(const json::Fields& fields, FaultList& faults) {
  FieldReader read(faults);
  const auto& top = fields.top;
  const auto time = [&](const json::Field& field, std::string_view pointer) {
    const auto parsed = parse_rfc3339(read.string(field, pointer).value_or(std::string_view()));
    if (!parsed) read.fault(pointer, parsed.error().message);
    return parsed.value_or(Timestamp{});
  };
  StandingChange change;
  if (read.integer(top[field_v], "/v") != kVersion) read.fault("/v", "is not a version that is known here");
  if (read.require(top[field_player_id], "/player_id")) {
    change.player_id = PlayerId::trusted(read.name(top[field_player_id], "/player_id").value_or(std::string()));
  }
  if (top[field_blocked].kind != json::Kind::boolean) read.fault("/blocked", "must be a boolean");
  change.blocked = top[field_blocked].integer != 0;
  if (top[field_until].kind != json::Kind::absent) change.until = time(top[field_until], "/until");
  if (read.require(top[field_standing_version], "/version")) {
    change.version = read.integer(top[field_standing_version], "/version").value_or(0);
  }
  change.at = time(top[field_at], "/at");
  if (read.require(top[field_reason], "/reason")) {
    change.reason = read.string(top[field_reason], "/reason").value_or(std::string_view());
  }
  if (top[field_disqualified_since].kind != json::Kind::absent) {
    change.disqualified.emplace();
    change.disqualified->since = time(top[field_disqualified_since], "/disqualified_since");
    const auto reason = read.string(top[field_disqualified_reason], "/disqualified_reason");
    change.disqualified->reason = reason.value_or(std::string_view());
  }
  if (top[field_overturned_since].kind != json::Kind::absent) {
    change.overturned_since = time(top[field_overturned_since], "/overturned_since");
  }
  return change;
}

std::string as_json(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text));
}

std::unexpected<Error> unreadable(std::string detail) {
  return fail(Errc::corrupt, "a change of standing on the bus cannot be read", std::move(detail));
}

}  // namespace

std::string_view to_string(VerdictAction action) {
  switch (action) {
    case VerdictAction::allow:
      return "allow";
    case VerdictAction::throttle:
      return "throttle";
    case VerdictAction::quarantine:
      return "quarantine";
    case VerdictAction::block:
      return "block";
  }
  return "allow";
}

std::optional<VerdictAction> parse_verdict_action(std::string_view text) {
  for (const auto action :
       {VerdictAction::allow, VerdictAction::throttle, VerdictAction::quarantine, VerdictAction::block}) {
    if (text == to_string(action)) return action;
  }
  return std::nullopt;
}

Envelope encode_standing_change(const StandingChange& change) {
  Envelope envelope{.id = change_id(change.player_id, change.version),
                    .type = std::string(kEnvelopeType),
                    .key = change.player_id.str()};
  std::string& body = envelope.body;
  body = "{\"v\":1,\"player_id\":\"" + change.player_id.str() + "\",\"blocked\":" + (change.blocked ? "true" : "false");
  if (change.until) body += ",\"until\":\"" + format_rfc3339(*change.until) + '"';
  body += ",\"version\":" + std::to_string(change.version) + ",\"at\":\"" + format_rfc3339(change.at) +
          "\",\"reason\":" + as_json(change.reason);
  if (change.disqualified) {
    body += ",\"disqualified_since\":\"" + format_rfc3339(change.disqualified->since) +
            "\",\"disqualified_reason\":" + as_json(change.disqualified->reason);
  }
  if (change.overturned_since) body += ",\"overturned_since\":\"" + format_rfc3339(*change.overturned_since) + '"';
  body += '}';
  return envelope;
}

Result<StandingChange> decode_standing_change(const Envelope& envelope) {
  if (envelope.type != kEnvelopeType) return unreadable("type is not " + std::string(kEnvelopeType));
  FaultList faults("#");
  json::Fields fields;
  const auto scan = json::scan(envelope.body, {.top = kChangeNames}, kMaxDepth, fields, faults);
  if (scan.end != json::Scan::End::complete || scan.consumed != envelope.body.size() || !fields.is_object) {
    return unreadable("not a JSON object: byte " + std::to_string(scan.consumed) + " " + scan.why);
  }
  StandingChange change = read_change(fields, faults);
  if (!faults.empty()) {
    const auto first = faults.take().front();
    return unreadable(first.pointer + ": " + first.detail);
  }
  if (change.player_id.str() != envelope.key || change_id(change.player_id, change.version) != envelope.id) {
    return unreadable("player or version differ from the envelope");
  }
  return change;
}

}  // namespace liveops::core
