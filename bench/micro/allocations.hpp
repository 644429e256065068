#pragma once

#include <cstdint>

namespace liveops::bench {

/// What this process has asked the heap for since it began. Linked in, it replaces operator new.
struct Allocations {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};
[[nodiscard]] Allocations allocations();

}  // namespace liveops::bench
