#include "adapters/config/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace liveops::adapters::config {
namespace {

std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongest = 64;
  std::string_view best;
  if (name.size() > kLongest) return best;
  std::size_t fewest = name.size() / 3 + 2;  // more edits than that, and it is another word
  for (const auto candidate : candidates) {
    const std::size_t needed = edits(name, candidate);
    if (needed < fewest) {
      fewest = needed;
      best = candidate;
    }
  }
  return best;
}

std::string unknown_name(std::string_view what, std::string_view name, std::span<const std::string_view> candidates) {
  std::string text = "unknown " + std::string(what);
  if (const auto near = nearest_name(name, candidates); !near.empty()) {
    return text + ", did you mean '" + std::string(near) + "'?";
  }
  text += "; there ";
  text += candidates.size() == 1 ? "is " : "are ";
  if (candidates.empty()) return text + "none";
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i > 0) text += ", ";
    text += candidates[i];
  }
  return text;
}

}  // namespace liveops::adapters::config
