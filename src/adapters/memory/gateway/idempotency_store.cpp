#include "adapters/memory/gateway/idempotency_store.hpp"

#include <optional>

namespace liveops::adapters::memory {

namespace {

constexpr std::size_t kAhead = core::IdempotencyTable::kPrefetchAhead;

std::optional<ports::IdempotencyState> to_port(core::KeyState state) {
  switch (state) {
    case core::KeyState::fresh:
      return ports::IdempotencyState::fresh;
    case core::KeyState::running:
      return ports::IdempotencyState::running;
    case core::KeyState::done:
      return ports::IdempotencyState::done;
    case core::KeyState::mismatch:
      return ports::IdempotencyState::mismatch;
    case core::KeyState::no_room:
      break;
  }
  return std::nullopt;
}

}  // namespace

ports::Task<std::vector<ports::IdempotencyState>> IdempotencyStore::begin(std::vector<Entry> entries,
                                                                          core::Timestamp now) {
  std::vector<ports::IdempotencyState> states;
  states.reserve(entries.size());
  for (std::size_t n = 0; n < entries.size(); ++n) {
    const Entry& entry = entries[n];
    if (n + kAhead < entries.size()) table_.prefetch(entries[n + kAhead].id);
    const auto state = to_port(table_.begin(entry.id, entry.fingerprint, now));
    if (!state) {
      for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i] == ports::IdempotencyState::fresh) table_.abandon(entries[i].id);
      }
      co_return core::fail(core::Errc::unavailable, "too many requests are in progress: try again");
    }
    states.push_back(*state);
  }
  co_return states;
}

ports::Task<void> IdempotencyStore::complete(std::vector<Entry> entries, core::Timestamp now) {
  for (std::size_t n = 0; n < entries.size(); ++n) {
    if (n + kAhead < entries.size()) table_.prefetch(entries[n + kAhead].id);
    table_.complete(entries[n].id, entries[n].fingerprint, now);
  }
  co_return core::Status{};
}

ports::Task<void> IdempotencyStore::abandon(std::vector<core::EventId> ids) {
  for (const auto& id : ids) table_.abandon(id);
  co_return core::Status{};
}

}  // namespace liveops::adapters::memory
