#include "fairness/check_request.hpp"

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/ids.hpp"

namespace liveops::fairness {
namespace {

namespace json = boost::json;

constexpr std::string_view kEventId = "event_id";

core::Faults fault(std::string pointer, std::string detail) {
  return {core::http::Fault{.pointer = std::move(pointer), .detail = std::move(detail)}};
}

std::expected<json::value, core::Faults> parse(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error) return std::unexpected(fault("#", "is not valid JSON: " + error.message()));
  return value;
}

core::EventId id_of_body(std::string_view text) {
  static const core::KeyId kSpace = core::KeyId::trusted("fairness-check");
  return core::EventId::derive(kSpace, text);
}

/// The event in `object`, whose own text is `text` when it was sent alone.
std::expected<core::Event, core::Faults> read_one(json::object object, std::optional<std::string_view> text,
                                                  const std::string& pointer, core::Timestamp received_at) {
  std::optional<core::EventId> id;
  if (const json::value* given = object.if_contains(kEventId)) {
    const json::string* name = given->if_string();
    const auto parsed = name == nullptr ? core::fail(core::Errc::invalid_argument, {}) : core::EventId::parse(*name);
    if (!parsed) return std::unexpected(fault(pointer + "/event_id", "must be an event id: 8-4-4-4-12 hex digits"));
    id = *parsed;
    object.erase(kEventId);
    text.reset();
  }
  const std::string rest = text ? std::string(*text) : json::serialize(object);
  auto event = core::parse_event(rest, received_at, core::EventLimits{}, pointer);
  if (!event) return event;
  event->id = id ? *id : id_of_body(rest);
  return event;
}

}  // namespace

std::expected<core::Event, core::Faults> read_check(std::string_view body, core::Timestamp received_at) {
  auto value = parse(body);
  if (!value) return std::unexpected(std::move(value.error()));
  json::object* object = value->if_object();
  if (object == nullptr) return std::unexpected(fault("#", "must be a JSON object"));
  return read_one(std::move(*object), body, "#", received_at);
}

std::expected<std::vector<core::Event>, core::Faults> read_check_batch(std::string_view body,
                                                                       core::Timestamp received_at) {
  auto value = parse(body);
  if (!value) return std::unexpected(std::move(value.error()));
  json::array* items = value->if_array();
  if (items == nullptr || items->empty() || items->size() > kMaxChecks) {
    return std::unexpected(fault("#", "must be a JSON array of 1 to " + std::to_string(kMaxChecks) + " events"));
  }
  std::vector<core::Event> events;
  events.reserve(items->size());
  core::Faults faults;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string pointer = "#/" + std::to_string(i);
    json::object* object = (*items)[i].if_object();
    auto event = object == nullptr ? std::unexpected(fault(pointer, "must be a JSON object"))
                                   : read_one(std::move(*object), std::nullopt, pointer, received_at);
    if (event) {
      events.push_back(std::move(*event));
    } else {
      faults.insert(faults.end(), event.error().begin(), event.error().end());
    }
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return events;
}

}  // namespace liveops::fairness
