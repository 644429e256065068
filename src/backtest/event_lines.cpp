#include "backtest/event_lines.hpp"

#include <chrono>
#include <utility>

#include "core/event_reader.hpp"

namespace liveops::backtest {
namespace {

core::EventLimits any_time() {
  core::EventLimits limits;
  limits.max_age = limits.max_ahead = std::chrono::hours(24 * 366 * 10'000);
  return limits;
}

core::EventId id_of(std::string_view name) {
  static const core::KeyId kSpace = core::KeyId::trusted("backtest");
  return core::EventId::derive(kSpace, name);
}

}  // namespace

EventLines::EventLines()
    : limits_(any_time()),
      reader_(std::make_unique<core::EventReader>(core::EventReader::Form::recorded, core::Timestamp(), limits_)) {}

EventLines::~EventLines() = default;

core::Result<std::optional<RecordedEvent>> EventLines::refuse(const std::string& reason) const {
  return core::fail(core::Errc::invalid_argument, "line " + std::to_string(line_) + ": " + reason);
}

core::Result<std::optional<RecordedEvent>> EventLines::read(std::string_view line) {
  ++line_;
  const auto last = line.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return std::nullopt;
  line = line.substr(0, last + 1);
  core::BatchItem item;
  reader_->read_whole(line, "#", item);
  if (!item.event) {
    const core::http::Fault& fault = item.event.error().front();
    return refuse(fault.pointer + ": " + fault.detail);
  }
  if (!item.event->occurred_at_given) return refuse("#/occurred_at: is required: it is the clock");
  if (item.event->occurred_at < last_) {
    return refuse("#/occurred_at: " + core::format_rfc3339(item.event->occurred_at) + " comes after " +
                  core::format_rfc3339(last_) + ": events must be in time order");
  }
  last_ = item.event->occurred_at;
  RecordedEvent recorded{.event = std::move(*item.event), .name = {}};
  recorded.event.received_at = recorded.event.occurred_at;
  name(recorded, item, line);
  return recorded;
}

void EventLines::name(RecordedEvent& recorded, const core::BatchItem& item, std::string_view line) const {
  if (!item.event_id.empty()) {
    const auto id = core::EventId::parse(item.event_id);
    recorded.event.id = id ? *id : id_of(item.event_id);
    recorded.name = item.event_id;
  } else {
    recorded.event.id = id_of(item.idempotency_key.empty() ? line : std::string_view(item.idempotency_key));
  }
}

}  // namespace liveops::backtest
