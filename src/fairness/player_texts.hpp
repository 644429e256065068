#pragma once

#include <array>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/rules.hpp"
#include "fairness/explanation.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// As the rule of a standing that an operator put.
inline constexpr std::string_view kOperatorRule = "operator";

/// What players are told, rule by rule: the policy's text, or the built-in one. Why an operator gave an order is for
/// operators.
///
/// Threads: any.
class PlayerTexts {
 public:
  using Texts = std::array<std::string, core::kDetectors>;

  explicit PlayerTexts(Texts texts) : texts_(std::move(texts)) {}

  [[nodiscard]] std::string of(core::Detector detector) const {
    const std::lock_guard lock(mutex_);
    const std::string& text = texts_[static_cast<std::size_t>(detector)];
    return text.empty() ? std::string(player_safe_reason(detector)) : text;
  }
  /// A standing that the engine put has the text of its rule as its reason.
  [[nodiscard]] static std::string of(const ports::PlayerStanding& standing) {
    return standing.rule == kOperatorRule ? "This account is blocked. The game's support can say more."
                                          : standing.reason;
  }
  void set(Texts texts) {
    const std::lock_guard lock(mutex_);
    texts_ = std::move(texts);
  }

 private:
  mutable std::mutex mutex_;
  Texts texts_;
};

}  // namespace liveops::fairness
