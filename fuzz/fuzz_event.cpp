#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/event_parser.hpp"
#include "fuzz/event_checks.hpp"

using namespace liveops;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const core::EventLimits limits;
  const auto event = core::parse_event(text, fuzz::kNow, limits);
  fuzz::check_event(event);
  if (event) {
    const auto again = core::parse_event(text, fuzz::kNow, limits);
    fuzz::require(again && again->payload == event->payload, "reading twice gives the same");
  }
  return 0;
}
