#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/event.hpp"
#include "ports/idempotency_store.hpp"

namespace liveops::gateway {

/// First bytes of SHA-256 over what the client said: type, player, time (when given), seq, and payload as sent. An
/// event has the same one by itself and in a batch.
///
/// Threads: one at a time; keeps its buffer from event to event.
class Fingerprinter {
 public:
  [[nodiscard]] ports::IdempotencyStore::Fingerprint operator()(const core::Event& event);

 private:
  void add(std::string_view part);
  void add(std::int64_t number);

  std::string said_;
};

}  // namespace liveops::gateway
