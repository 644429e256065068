#include "core/event_parser.hpp"

#include <algorithm>
#include <utility>

#include "core/event_reader.hpp"

namespace liveops::core {
namespace {

Faults body_fault(std::string detail) {
  return {http::Fault{.pointer = "#", .detail = std::move(detail)}};
}

Faults too_many(std::size_t max_items) {
  return body_fault("holds more than " + std::to_string(max_items) + " events: send several batches");
}

Faults broken_at(std::size_t offset, std::string_view why) {
  return body_fault("is not a JSON array of events: byte " + std::to_string(offset) + ": " + std::string(why));
}

std::string item_pointer(std::size_t index) {
  return "#/" + std::to_string(index);
}

std::size_t size_without_trailing_space(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? 0 : last + 1;
}

using Items = std::vector<BatchItem>;

/// About how many items a body can hold, going by what an event has at least.
std::size_t items_in(std::string_view body, std::size_t max_items) {
  constexpr std::size_t kSmallEvent = 80;
  return std::min(max_items, body.size() / kSmallEvent + 1);
}

/// Walks over a JSON array item by item, so that a fault of meaning in one item leaves the others alone.
class ArraySplitter {
 public:
  ArraySplitter(std::string_view body, std::size_t max_items, Timestamp received_at, const EventLimits& limits)
      : body_(body), max_items_(max_items), limits_(limits), reader_(kForm, received_at, limits) {}

  std::expected<Items, Faults> split() {
    std::size_t at = json::skip_space(body_, 0);
    if (at == body_.size() || body_[at] != '[') return std::unexpected(broken_at(at, "a batch starts with '['"));
    at = json::skip_space(body_, at + 1);
    if (at < body_.size() && body_[at] == ']') return finish(at);
    items_.reserve(items_in(body_, max_items_));
    for (;;) {
      if (items_.size() == max_items_) return std::unexpected(too_many(max_items_));
      auto next = take_item(at);
      if (!next) return std::unexpected(std::move(next.error()));
      at = *next;
      if (at == body_.size()) return std::unexpected(broken_at(at, "the text ends too early"));
      if (body_[at] == ']') return finish(at);
      if (body_[at] != ',') return std::unexpected(broken_at(at, "expected ',' or ']' after an event"));
      at = json::skip_space(body_, at + 1);
    }
  }

 private:
  static constexpr auto kForm = EventReader::Form::batch_item;

  /// Reads the item at `begin`; the position of what follows it.
  std::expected<std::size_t, Faults> take_item(std::size_t begin) {
    const std::string pointer = item_pointer(items_.size());
    const std::string_view rest = body_.substr(begin);
    auto& item = items_.emplace_back();
    const auto scan = reader_.read_first(rest, pointer, item);
    std::size_t size = scan.consumed;
    if (scan.end == json::Scan::End::broken) return std::unexpected(broken_at(begin + size, scan.why));
    if (scan.end == json::Scan::End::too_deep) {
      const std::size_t end = json::end_of_nested(rest, 0);
      if (end == std::string_view::npos) return std::unexpected(broken_at(body_.size(), "the text ends too early"));
      size = json::skip_space(rest, end);
    }
    const std::string_view source = rest.substr(0, size_without_trailing_space(rest.substr(0, size)));
    if (source.size() > limits_.max_event_bytes) {
      item = {};
      reader_.read_whole(source, pointer, item);
    }
    return begin + size;
  }

  std::expected<Items, Faults> finish(std::size_t bracket) {
    const std::size_t end = json::skip_space(body_, bracket + 1);
    if (end != body_.size()) return std::unexpected(broken_at(end, "text after the end of the array"));
    return std::move(items_);
  }

  std::string_view body_;
  std::size_t max_items_;
  const EventLimits& limits_;
  EventReader reader_;
  Items items_;
};

std::expected<Items, Faults> split_lines(std::string_view body, std::size_t max_items, Timestamp received_at,
                                         const EventLimits& limits) {
  EventReader reader(EventReader::Form::batch_item, received_at, limits);
  Items items;
  items.reserve(items_in(body, max_items));
  while (!body.empty()) {
    const std::size_t newline = body.find('\n');
    std::string_view line = body.substr(0, newline);
    body.remove_prefix(newline == std::string_view::npos ? body.size() : newline + 1);
    line = line.substr(0, size_without_trailing_space(line));
    if (line.empty()) continue;
    if (items.size() == max_items) return std::unexpected(too_many(max_items));
    const std::string pointer = item_pointer(items.size());
    reader.read_whole(line, pointer, items.emplace_back());
  }
  return items;
}

}  // namespace

std::expected<Event, Faults> parse_event(std::string_view json, Timestamp received_at, const EventLimits& limits,
                                         std::string_view pointer_prefix) {
  BatchItem item;
  EventReader(EventReader::Form::single, received_at, limits).read_whole(json, pointer_prefix, item);
  return std::move(item.event);
}

std::expected<std::vector<BatchItem>, Faults> parse_batch(std::string_view body, bool ndjson, std::size_t max_items,
                                                          Timestamp received_at, const EventLimits& limits) {
  if (ndjson) return split_lines(body, max_items, received_at, limits);
  return ArraySplitter(body, max_items, received_at, limits).split();
}

}  // namespace liveops::core
