#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/log.hpp"
#include "ports/task.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::fairness {

/// The throttles and blocks in force: durable in the store, and in memory for the way of every event.
///
/// Threads: any. Memory holds at most `capacity`; when it is full, throttles give way to blocks.
class Standings {
 public:
  static constexpr std::size_t kDefaultCapacity = 250'000;

  Standings(ports::VerdictStore& store, ports::Log& log, std::size_t capacity = kDefaultCapacity)
      : store_(store), log_(log), capacity_(capacity) {}

  /// Takes over what is in force in the store. Errors: as VerdictStore::active.
  [[nodiscard]] ports::Task<void> load(core::Timestamp now);

  /// Takes over what other replicas put since `load` or the last call; gives what was new here. One call at a time.
  /// Errors: as VerdictStore::changes.
  [[nodiscard]] ports::Task<std::vector<ports::StandingNews>> follow();

  /// Stores the changes, then takes over what the store made of them. Errors: as VerdictStore::put (nothing changed).
  [[nodiscard]] ports::Task<std::vector<ports::PlayerStanding>> change(std::vector<ports::StandingRequest> requests);

  /// The standing in force at `now`; nullopt for everybody in good standing.
  [[nodiscard]] std::optional<ports::PlayerStanding> in_force(const core::PlayerId& player, core::Timestamp now) const;

  /// Forgets what has ended by `now`.
  void expire(core::Timestamp now);

  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  /// Which of them were new; `standing_of` finds the standing in an item.
  template <class Items, class Standing>
  std::vector<bool> apply(const Items& items, Standing standing_of);
  enum class Applied : std::uint8_t { taken_over, known, no_room };
  Applied apply_one(const ports::PlayerStanding& standing);
  bool make_room(core::VerdictAction wanted);

  ports::VerdictStore& store_;
  ports::Log& log_;
  std::size_t capacity_;
  std::int64_t position_ = 0;  // in the store's changes
  mutable std::mutex mutex_;
  std::unordered_map<core::PlayerId, ports::PlayerStanding> held_;
  std::atomic<std::size_t> size_{0};  // lets the common case, nobody in bad standing, pass without the lock
};

}  // namespace liveops::fairness
