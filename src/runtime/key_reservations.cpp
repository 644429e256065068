#include "runtime/key_reservations.hpp"

#include <optional>

namespace liveops::runtime {
namespace {

using ports::IdempotencyState;

constexpr std::size_t kAhead = core::IdempotencyTable::kPrefetchAhead;

std::optional<IdempotencyState> to_port(core::KeyState state) {
  switch (state) {
    case core::KeyState::fresh:
      return IdempotencyState::fresh;
    case core::KeyState::running:
      return IdempotencyState::running;
    case core::KeyState::done:
      return IdempotencyState::done;
    case core::KeyState::mismatch:
      return IdempotencyState::mismatch;
    case core::KeyState::no_room:
      break;
  }
  return std::nullopt;
}

}  // namespace

core::Result<std::vector<IdempotencyState>> reserve_keys(core::IdempotencyTable& table,
                                                         std::span<const ports::IdempotencyStore::Entry> entries,
                                                         core::Timestamp now) {
  std::vector<IdempotencyState> states;
  states.reserve(entries.size());
  for (std::size_t n = 0; n < entries.size(); ++n) {
    if (n + kAhead < entries.size()) table.prefetch(entries[n + kAhead].id);
    const auto state = to_port(table.begin(entries[n].id, entries[n].fingerprint, now));
    if (!state) {
      for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i] == IdempotencyState::fresh) table.abandon(entries[i].id);
      }
      return core::fail(core::Errc::unavailable, "too many requests are in progress: try again");
    }
    states.push_back(*state);
  }
  return states;
}

void complete_keys(core::IdempotencyTable& table, std::span<const ports::IdempotencyStore::Entry> entries,
                   core::Timestamp now) {
  for (std::size_t n = 0; n < entries.size(); ++n) {
    if (n + kAhead < entries.size()) table.prefetch(entries[n + kAhead].id);
    table.complete(entries[n].id, entries[n].fingerprint, now);
  }
}

}  // namespace liveops::runtime
