#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
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
    const auto bucket = std::span(seen_).subspan(id % (kPlaces / kWays) * kWays, kWays);
    if (std::ranges::find(bucket, id) != bucket.end()) return false;
    std::shift_right(bucket.begin(), bucket.end(), 1);
    bucket.front() = id;
    return true;
  }

  [[nodiscard]] std::size_t bytes() const { return kPlaces * sizeof(std::uint64_t); }
  void save(Writer& out) const { out.put_list(seen_); }
  [[nodiscard]] bool restore(Reader& in) { return in.take_list(seen_, kPlaces) && seen_.size() == kPlaces; }

 private:
  static constexpr std::size_t kWays = 4;
  static constexpr std::size_t kPlaces = std::size_t{1} << 18U;
  std::vector<std::uint64_t> seen_;
};

}  // namespace liveops::fairness::async
