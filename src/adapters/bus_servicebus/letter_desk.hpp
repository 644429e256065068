#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/bus_servicebus/letter_remover.hpp"
#include "adapters/bus_servicebus/management.hpp"
#include "adapters/bus_servicebus/session.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_servicebus {

/// The connection on which dead letters are looked at and removed. `address`: a dead-letter queue.
///
/// Threads: any.
class LetterDesk final : public Session {
 public:
  LetterDesk(Loop& loop, const Access& access);

  /// Up to `count` letters from sequence number `from` on. Errors: `unavailable`, `unauthenticated`, `corrupt`.
  [[nodiscard]] ports::Task<std::vector<Incoming>> peek(std::string address, std::int64_t from, std::size_t count);
  /// Errors: `unavailable`, `unauthenticated`.
  [[nodiscard]] ports::Task<void> remove(std::string address, std::int64_t sequence);

 private:
  using Shown = std::move_only_function<void(core::Result<std::vector<Incoming>>)>;

  /// Waits until it is connected. Errors: `unavailable`.
  [[nodiscard]] ports::Task<void> connected();
  void start_peek(const std::string& address, std::int64_t from, std::size_t count, Shown shown);
  void start_removal(const std::string& address, std::int64_t sequence, LetterRemover::Told told);

  void on_up() override {}
  void on_down() override;
  void on_tick(Instant now) override;
  void expire(Instant now) override;

  std::map<std::string, RequestPair> management_;  // by address
  std::list<LetterRemover> removals_;
};

}  // namespace liveops::adapters::bus_servicebus
