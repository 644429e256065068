#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fairness/async/bytes.hpp"

namespace liveops::fairness::async {

/// Tells events that came before: the bus delivers at least once. Remembers 64 bits of about the latest 262,144 ids; a
/// redelivery comes within the visibility timeout or after a crash, long before as many others. An older one is counted
/// twice, which shifts a statistic by one event in thousands.
class Duplicates {
 public:
  Duplicates() : seen_(kPlaces) {}

  /// False: `id` was here before.
  [[nodiscard]] bool is_new(std::uint64_t id) {
    std::uint64_t& place = seen_[id % kPlaces];
    if (place == id) return false;
    place = id;
    return true;
  }

  [[nodiscard]] std::size_t bytes() const { return kPlaces * sizeof(std::uint64_t); }
  void save(Writer& out) const { out.put_list(seen_); }
  [[nodiscard]] bool restore(Reader& in) { return in.take_list(seen_, kPlaces) && seen_.size() == kPlaces; }

 private:
  static constexpr std::size_t kPlaces = std::size_t{1} << 18U;
  std::vector<std::uint64_t> seen_;
};

}  // namespace liveops::fairness::async
