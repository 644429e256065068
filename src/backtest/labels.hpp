#pragma once

#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <unordered_map>

#include "core/error.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace liveops::backtest {

/// What is known of a player: since when they cheat, and how.
struct Label {
  std::optional<core::Timestamp> onset;  // nullopt: honest
  std::string kind = "honest";
  friend bool operator==(const Label&, const Label&) = default;
};

using Labels = std::unordered_map<core::PlayerId, Label>;

/// Reads CSV with the header `player_id,is_cheater,kind,onset`; is_cheater is 1 or 0 (true or false), onset RFC 3339
/// and empty for honest players. A cheater without an onset cheats from the first event. Errors: `invalid_argument`
/// (with the line).
[[nodiscard]] core::Result<Labels> read_labels(std::istream& in);

/// Writes the header and then one line a label.
void write_labels_header(std::ostream& out);
void write_label(std::ostream& out, const core::PlayerId& player, const Label& label);

}  // namespace liveops::backtest
