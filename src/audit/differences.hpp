#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/board_operator.hpp"
#include "core/standings_id.hpp"

namespace liveops::audit {

/// One thing that is not as it should be, in words for the operator.
struct Difference {
  std::string what;    // "xp", "standing", "rank", ...
  std::string player;  // empty where it is about none
  std::string where;   // season, boss, item, "board/window/period", event; may be empty
  std::string expected;
  std::string found;
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// "xp: player p-42: expected 120, found 119".
[[nodiscard]] std::string to_string(const Difference& difference);
std::ostream& operator<<(std::ostream& out, const Difference& difference);

/// Counts differences and keeps the first of them.
class Differences {
 public:
  explicit Differences(std::size_t keep) : keep_(keep) {}

  void add(Difference difference);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Difference>& first() const { return first_; }

 private:
  std::size_t keep_;
  std::uint64_t count_ = 0;
  std::vector<Difference> first_;
};

/// "score/daily/2026-11-22".
[[nodiscard]] std::string name_of(const core::StandingsId& table);
/// "4500 at 2026-11-22T18:21:24.123Z", with the event on boards of operator `last`.
[[nodiscard]] std::string text_of(const core::Mark& mark);

inline constexpr const char* kNone = "none";

}  // namespace liveops::audit
