#pragma once

#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::leaderboard {

/// Who is left out of ranks right now.
///
/// Threads: any.
class HiddenPlayers {
 public:
  [[nodiscard]] bool contains(const core::PlayerId& player) const;
  /// `until`: when the block ends by itself; absent: it does not.
  void hide(const core::PlayerId& player, std::optional<core::Timestamp> until);
  void show(const core::PlayerId& player);
  /// Only if the block that ends then is still the one that counts; false: it is not.
  bool show_if_until(const core::PlayerId& player, core::Timestamp until);
  /// Only if the player is not hidden now.
  void hide_if_shown(const core::PlayerId& player, std::optional<core::Timestamp> until);

  using Block = std::pair<core::PlayerId, std::optional<core::Timestamp>>;
  [[nodiscard]] std::vector<Block> all() const;
  /// Those whose block has ended at `now`, with its end.
  [[nodiscard]] std::vector<std::pair<core::PlayerId, core::Timestamp>> expired(core::Timestamp now) const;
  [[nodiscard]] std::size_t size() const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<core::PlayerId, std::optional<core::Timestamp>> until_;
};

}  // namespace liveops::leaderboard
