#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace liveops::adapters::fairness_http {

/// Which of several places a key belongs to: the one with the highest weight of (place, key) (Thaler, Ravishankar
/// 1998).
///
/// Every process that knows the same names decides alike, in whatever order it lists them. A place that is added takes
/// its share and moves nothing else; one that is removed leaves its own share to the others, evenly.
/// Threads: any (const). Complexity: O(places).
class Rendezvous {
 public:
  /// `names`: at least one, all different.
  explicit Rendezvous(std::span<const std::string> names);

  /// The index of the place with the highest weight among those that are `usable` (index -> bool); nullopt: none is.
  template <class Usable>
  [[nodiscard]] std::optional<std::size_t> pick(std::string_view key, Usable usable) const;

  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  [[nodiscard]] static std::uint64_t hash(std::string_view text);
  [[nodiscard]] static std::uint64_t weight(std::uint64_t place, std::uint64_t key);

  std::vector<std::uint64_t> places_;  // hashes of the names
};

template <class Usable>
std::optional<std::size_t> Rendezvous::pick(std::string_view key, Usable usable) const {
  const std::uint64_t hashed = hash(key);
  std::optional<std::size_t> best;
  std::uint64_t highest = 0;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const std::uint64_t weighed = weight(places_[i], hashed);
    const bool higher = !best || weighed > highest || (weighed == highest && places_[i] > places_[*best]);
    if (!higher || !usable(i)) continue;
    best = i;
    highest = weighed;
  }
  return best;
}

}  // namespace liveops::adapters::fairness_http
