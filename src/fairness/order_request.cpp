#include "fairness/order_request.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <utility>

namespace liveops::fairness {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxReasonBytes = 500;
constexpr std::int64_t kMaxDurationSeconds = 10LL * 365 * 86400;

void add(core::Faults& faults, std::string pointer, std::string detail) {
  faults.push_back({.pointer = std::move(pointer), .detail = std::move(detail)});
}

void read_reason(const json::object& object, OperatorOrder& order, core::Faults& faults) {
  const json::value* reason = object.if_contains("reason");
  const json::string* text = reason == nullptr ? nullptr : reason->if_string();
  if (text == nullptr || text->empty() || text->size() > kMaxReasonBytes || text->find('\0') != json::string::npos) {
    add(faults, "#/reason", "is required: 1 to 500 bytes of text, without NUL, that say why");
    return;
  }
  order.reason.assign(text->data(), text->size());
}

void read_duration(const json::object& object, OperatorOrder& order, core::Faults& faults) {
  const json::value* duration = object.if_contains("duration_s");
  if (duration == nullptr) return;
  if (order.action != OperatorAction::block) {
    add(faults, "#/duration_s", "belongs to a block only");
    return;
  }
  const std::int64_t* seconds = duration->if_int64();
  if (seconds == nullptr || *seconds < 1 || *seconds > kMaxDurationSeconds) {
    add(faults, "#/duration_s", "must be whole seconds, 1 to " + std::to_string(kMaxDurationSeconds));
    return;
  }
  order.duration = std::chrono::seconds(*seconds);
}

void read_since(const json::object& object, OperatorOrder& order, core::Faults& faults) {
  const json::value* since = object.if_contains("since");
  if (since == nullptr) return;
  if (order.action != OperatorAction::disqualify && order.action != OperatorAction::overturn) {
    add(faults, "#/since", "belongs to disqualify and overturn only");
    return;
  }
  const json::string* text = since->if_string();
  const auto time =
      core::parse_rfc3339(text == nullptr ? std::string_view() : std::string_view(text->data(), text->size()));
  if (!time) {
    add(faults, "#/since", "must be a time such as 2026-11-22T18:21:24Z (RFC 3339)");
    return;
  }
  order.since = *time;
}

}  // namespace

std::expected<OperatorOrder, core::Faults> read_order(std::string_view body, OperatorOrder order) {
  core::Faults faults;
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const json::object* object = error ? nullptr : value.if_object();
  if (object == nullptr) {
    add(faults, "#", R"(must be a JSON object such as {"reason": "why"})");
    return std::unexpected(std::move(faults));
  }
  for (const auto& member : *object) {
    if (member.key() == "reason" || member.key() == "duration_s" || member.key() == "since") continue;
    add(faults, "#", "has a member that is not known here; known are reason, duration_s and since");
    break;
  }
  read_reason(*object, order, faults);
  read_duration(*object, order, faults);
  read_since(*object, order, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return order;
}

}  // namespace liveops::fairness
