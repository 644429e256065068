#include "core/rules.hpp"

#include <array>

namespace liveops::core {
namespace {

constexpr std::array<std::string_view, kDetectors> kDetectorNames{"hard_bound", "sequence", "clock",       "burst",
                                                                  "sustained",  "tempo",    "award_level", "award_tail",
                                                                  "velocity",   "timing",   "unbroken"};
constexpr std::array<std::string_view, kRuleModes> kModeNames{"off",      "shadow",     "flag",
                                                              "throttle", "quarantine", "block"};

}  // namespace

std::string_view to_string(Detector detector) {
  return kDetectorNames[static_cast<std::size_t>(detector)];
}

std::optional<Detector> parse_detector(std::string_view text) {
  for (std::size_t i = 0; i < kDetectors; ++i) {
    if (kDetectorNames[i] == text) return static_cast<Detector>(i);
  }
  return std::nullopt;
}

std::string_view to_string(RuleMode mode) {
  return kModeNames[static_cast<std::size_t>(mode)];
}

}  // namespace liveops::core
