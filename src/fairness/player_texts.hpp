#pragma once

#include <array>
#include <mutex>
#include <string>
#include <utility>

#include "core/rules.hpp"
#include "fairness/explanation.hpp"

namespace liveops::fairness {

/// What players are told, rule by rule: the policy's text, or the built-in one.
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
  void set(Texts texts) {
    const std::lock_guard lock(mutex_);
    texts_ = std::move(texts);
  }

 private:
  mutable std::mutex mutex_;
  Texts texts_;
};

}  // namespace liveops::fairness
