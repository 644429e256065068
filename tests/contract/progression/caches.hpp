#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "ports/progress_cache.hpp"

namespace liveops::test {

/// One adapter of ProgressCache under the contract; `make` gives an empty cache for some hundred players.
struct CacheCase {
  std::string name;
  std::function<std::unique_ptr<ports::ProgressCache>()> make;
  friend std::ostream& operator<<(std::ostream& out, const CacheCase& value) { return out << value.name; }
};

/// Every adapter there is: a new one gets its line here.
[[nodiscard]] std::vector<CacheCase> all_caches();

}  // namespace liveops::test
