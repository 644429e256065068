#include "fairness/huge_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace liveops::fairness {
namespace {

constexpr std::size_t round_up(std::size_t bytes) {
  return (bytes + HugeMemory::kPageBytes - 1) / HugeMemory::kPageBytes * HugeMemory::kPageBytes;
}

/// `bytes`, a multiple of the page, from an aligned address: a page more is mapped, and what sticks out given back.
void* map_aligned(std::size_t bytes) {
  constexpr std::size_t kPage = HugeMemory::kPageBytes;
  void* mapped =
      ::mmap(nullptr, bytes + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* first = static_cast<std::byte*>(mapped);
  const std::size_t before = (kPage - reinterpret_cast<std::uintptr_t>(first) % kPage) % kPage;
  if (before > 0) ::munmap(first, before);
  if (before < kPage) ::munmap(first + before + bytes, kPage - before);
  return first + before;
}

}  // namespace

HugeMemory::HugeMemory(std::size_t bytes) : bytes_(round_up(bytes)), data_(map_aligned(bytes_)) {
  // Whole pages only: what is left over, or a small table, would take a large page for little. Refused where the kernel
  // has no such pages: slower, nothing else.
  if (bytes >= kPageBytes) (void)::madvise(data_, bytes / kPageBytes * kPageBytes, MADV_HUGEPAGE);
}

HugeMemory::~HugeMemory() {
  ::munmap(data_, bytes_);
}

}  // namespace liveops::fairness
