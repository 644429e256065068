#include "simulation/kind.hpp"

#include <array>

namespace liveops::simulation {
namespace {

constexpr std::array<std::string_view, kKinds> kNames{
    "honest",    "speed_hack", "speed_hack_mild", "injection", "injection_small", "drip_amount", "drip_rate",
    "replay",    "bot",        "humanised_bot",   "boosting",  "flood",           "ramp",        "hugger",
    "collusion", "farm",       "sleeper"};

}  // namespace

std::string_view to_string(Kind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    if (kNames[i] == text) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

bool is_overt(Kind kind) {
  switch (kind) {
    case Kind::speed_hack:
    case Kind::injection:
    case Kind::bot:
    case Kind::boosting:
    case Kind::flood:
    case Kind::ramp:
    case Kind::hugger:
      return true;
    default:
      return false;
  }
}

}  // namespace liveops::simulation
