#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "leaderboard/board_book.hpp"
#include "ports/standing_store.hpp"

namespace liveops::audit {

/// Which tables of standings are compared, and why the others are not. Pure.
class TableList {
 public:
  TableList(const leaderboard::BoardBook& book, std::vector<ports::StandingsInfo> tables);

  enum class Kind : std::uint8_t {
    compared,  // open; also a table that the store does not have (yet)
    closed,    // sealed, or being sealed: takes no event
    unruled    // open, but the rules in force do not know its board or period any more
  };
  [[nodiscard]] Kind kind(const core::StandingsId& table) const;

  /// The tables in the store that are compared, as the rules in force see them.
  [[nodiscard]] const std::vector<ports::StandingsSpec>& compared() const { return compared_; }

  [[nodiscard]] std::uint64_t sealed() const { return sealed_; }
  [[nodiscard]] std::uint64_t being_sealed() const { return being_sealed_; }
  [[nodiscard]] std::uint64_t unruled() const { return unruled_; }

 private:
  std::map<core::StandingsId, Kind> kinds_;
  std::vector<ports::StandingsSpec> compared_;
  std::uint64_t sealed_ = 0;
  std::uint64_t being_sealed_ = 0;
  std::uint64_t unruled_ = 0;
};

}  // namespace liveops::audit
