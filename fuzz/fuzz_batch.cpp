#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/event_parser.hpp"
#include "fuzz/event_checks.hpp"

using namespace liveops;

namespace {

constexpr std::size_t kMaxItems = 50;

void check_items(const std::vector<core::BatchItem>& items) {
  fuzz::require(items.size() <= kMaxItems, "a batch is bounded");
  for (std::size_t i = 0; i < items.size(); ++i) {
    fuzz::check_event(items[i].event);
    if (items[i].event) fuzz::require(!items[i].idempotency_key.empty(), "an accepted item has its key");
    if (items[i].event) continue;
    const std::string pointer = "#/" + std::to_string(i);
    for (const auto& fault : items[i].event.error()) {
      fuzz::require(fault.pointer == pointer || fault.pointer.starts_with(pointer + "/"), "a fault is its item's");
    }
  }
}

/// The array without its brackets, when it has one item, must read as the line that it is.
void check_against_line(std::string_view body, const std::vector<core::BatchItem>& items,
                        const core::EventLimits& limits) {
  const auto open = body.find('[');
  const auto close = body.rfind(']');
  std::string line(body.substr(open + 1, close - open - 1));
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  const auto lines = core::parse_batch(line, true, kMaxItems, fuzz::kNow, limits);
  fuzz::require(lines && lines->size() == 1, "one item is one line");
  fuzz::require(lines->front().event.has_value() == items.front().event.has_value(), "arrays and lines agree");
  fuzz::require(lines->front().idempotency_key == items.front().idempotency_key, "arrays and lines agree on keys");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool ndjson = (data[0] & 1U) != 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const core::EventLimits limits;
  const auto batch = core::parse_batch(body, ndjson, kMaxItems, fuzz::kNow, limits);
  if (!batch) {
    fuzz::require(!batch.error().empty() && batch.error().front().pointer == "#", "an outer refusal names the body");
    return 0;
  }
  check_items(*batch);
  const bool within_limits = body.size() <= limits.max_event_bytes;
  if (!ndjson && batch->size() == 1 && within_limits) check_against_line(body, *batch, limits);
  return 0;
}
