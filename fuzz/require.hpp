#pragma once

#include <cstdio>
#include <cstdlib>

namespace liveops::fuzz {

/// Stops the fuzzer with the input at hand when a statement that must hold does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

}  // namespace liveops::fuzz
