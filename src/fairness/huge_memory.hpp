#pragma once

#include <cstddef>

namespace liveops::fairness {

/// Zeroed memory on 2 MiB pages where the kernel gives them (transparent huge pages set to `madvise` or `always`), on
/// ordinary ones elsewhere. It is taken from the machine only as it is touched, a page at a time.
///
/// Random reads of a large table otherwise miss in the TLB as well as in the caches. Threads: any.
class HugeMemory {
 public:
  static constexpr std::size_t kPageBytes = std::size_t{2} << 20U;

  /// Throws std::bad_alloc.
  explicit HugeMemory(std::size_t bytes);
  ~HugeMemory();
  HugeMemory(const HugeMemory&) = delete;
  HugeMemory& operator=(const HugeMemory&) = delete;

  /// Starts at a multiple of `kPageBytes`.
  [[nodiscard]] void* data() const { return data_; }

 private:
  std::size_t bytes_;
  void* data_;
};

}  // namespace liveops::fairness
