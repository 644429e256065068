#pragma once

#include <span>

#include "core/event.hpp"
#include "core/rules.hpp"
#include "ports/progress_books.hpp"

namespace liveops::audit {

/// The event that a row of the ledger is about, held to the rules of the bus. Where a boss kill left its worth to the
/// rules, the row says what that was then, whatever they say now.
/// Errors: `corrupt` (the payload is not one of this type; says why).
[[nodiscard]] core::Result<core::Event> event_of(const ports::LedgerRow& row, std::span<const core::BossRules> bosses);

}  // namespace liveops::audit
