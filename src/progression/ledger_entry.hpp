#pragma once

#include "core/event.hpp"
#include "ports/progress_store.hpp"
#include "progression/game_book.hpp"

namespace liveops::progression {

/// What an event means for its player by this book: a kill's worth comes from the rules where the event is silent, and
/// the event's own time decides the season.
[[nodiscard]] ports::LedgerEntry to_ledger_entry(core::Event event, const GameBook& book);

}  // namespace liveops::progression
