#pragma once

#include <optional>

#include "core/ids.hpp"
#include "fairness/async/analyst.hpp"
#include "ports/task.hpp"

namespace liveops::fairness::async {

/// What routes and moderation want of the slower tier.
///
/// Threads: any.
class SecondOpinion {
 public:
  virtual ~SecondOpinion() = default;

  /// nullopt: the player is not watched (here). Waits while a checkpoint is copied, a few tenths of a second.
  [[nodiscard]] virtual ports::Task<std::optional<Dossier>> of(core::PlayerId player) = 0;

  /// An operator found the player honest: evidence begins anew. Takes effect within a second.
  virtual void pardon(core::PlayerId player) = 0;
};

}  // namespace liveops::fairness::async
