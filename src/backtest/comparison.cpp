#include "backtest/comparison.hpp"

#include <algorithm>
#include <cstdlib>

namespace liveops::backtest {
namespace {

/// No action is kept as `shadow`.
std::string_view name_of(Level level) {
  return level == Level::shadow ? "nothing" : to_string(level);
}

}  // namespace

void Comparison::add(const std::string& player_id, const std::string& kind, Level first, Level second) {
  ++counts_[static_cast<std::size_t>(first)][static_cast<std::size_t>(second)];
  if (first == second) return;
  ++differ_;
  named_.push_back({player_id, kind, first, second});
  if (named_.size() < 2 * kNamed) return;
  std::ranges::sort(named_, [](const Named& a, const Named& b) {
    const auto difference = [](const Named& named) {
      return std::abs(static_cast<int>(named.first) - static_cast<int>(named.second));
    };
    return difference(a) != difference(b) ? difference(a) > difference(b) : a.player_id < b.player_id;
  });
  named_.resize(kNamed);
}

void Comparison::print(std::ostream& out, const std::string& first, const std::string& second) const {
  out << "\ntreated differently: " << differ_ << " players\n";
  for (std::size_t i = 0; i < kLevels; ++i) {
    for (std::size_t j = 0; j < kLevels; ++j) {
      if (i == j || counts_[i][j] == 0) continue;
      out << "  " << first << ": " << name_of(static_cast<Level>(i)) << "; " << second << ": "
          << name_of(static_cast<Level>(j)) << ": " << counts_[i][j] << " players\n";
    }
  }
  for (std::size_t i = 0; i < std::min(kNamed, named_.size()); ++i) {
    const Named& named = named_[i];
    out << "  " << named.player_id << (named.kind.empty() ? "" : " (" + named.kind + ")") << ": "
        << name_of(named.first) << " -> " << name_of(named.second) << '\n';
  }
}

}  // namespace liveops::backtest
