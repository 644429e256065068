#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "ports/progress_store.hpp"
#include "ports/reward_store.hpp"

namespace liveops::test {

/// A pair of stores over one set of data, with the means to be nasty to it.
class Stores {
 public:
  virtual ~Stores() = default;
  virtual ports::ProgressStore& progress() = 0;
  virtual ports::RewardStore& rewards() = 0;
  /// The same data as another process has it; the same store where one process has it alone.
  virtual ports::ProgressStore& replica() { return progress(); }
  /// Lets go of everything and opens the same data again.
  virtual void reopen() = 0;
  /// From now on there is (almost) no space left; then there is again.
  virtual void fill_up() = 0;
  virtual void make_room() = 0;
};

/// One adapter under the contract.
struct StoresCase {
  std::string name;
  std::function<std::unique_ptr<Stores>()> make;
  friend std::ostream& operator<<(std::ostream& out, const StoresCase& value) { return out << value.name; }
};

/// Every adapter there is: a new one gets its line here.
[[nodiscard]] std::vector<StoresCase> all_stores();

}  // namespace liveops::test
