#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "backtest/level.hpp"

namespace liveops::backtest {

/// Who is treated differently by two policies: the strongest action on each player under either.
class Comparison {
 public:
  static constexpr std::size_t kNamed = 20;

  void add(const std::string& player_id, const std::string& kind, Level first, Level second);
  void print(std::ostream& out, const std::string& first, const std::string& second) const;

  [[nodiscard]] std::uint64_t differ() const { return differ_; }
  [[nodiscard]] std::uint64_t count(Level first, Level second) const {
    return counts_[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)];
  }

 private:
  struct Named {
    std::string player_id;
    std::string kind;
    Level first;
    Level second;
  };
  std::array<std::array<std::uint64_t, kLevels>, kLevels> counts_{};
  std::vector<Named> named_;  // those for whom it makes the most difference
  std::uint64_t differ_ = 0;
};

}  // namespace liveops::backtest
