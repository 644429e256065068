#pragma once

#include <cstdint>
#include <string_view>

namespace liveops::adapters::http {

/// Moves views along with the memory that they point into.
class Rebase {
 public:
  /// `to`: the same bytes as those that began at `from`, no more of them.
  Rebase(std::uintptr_t from, std::string_view to) : from_(from), to_(to) {}
  void operator()(std::string_view& view) const {
    const auto at = reinterpret_cast<std::uintptr_t>(view.data());
    if (at >= from_ && at - from_ + view.size() <= to_.size()) view = to_.substr(at - from_, view.size());
  }

 private:
  std::uintptr_t from_;
  std::string_view to_;
};

}  // namespace liveops::adapters::http
