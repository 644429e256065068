#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace liveops::adapters::memory {

/// Short strings by small numbers, sixteen of them one behind the other in an allocation of their own, so that a name
/// takes little more than its characters.
///
/// Complexity: constant. Threads: one writer or many readers.
class NamePages {
 public:
  static constexpr std::size_t kMaxNameBytes = 255;

  /// Valid until the next `set` of a number in the same page, which is as close as sixteen. A number never set is
  /// empty. Requires: number < capacity().
  [[nodiscard]] std::string_view name(std::uint32_t number) const;

  /// Requires: name.size() <= kMaxNameBytes, and `name` is not a view into these pages.
  void set(std::uint32_t number, std::string_view name);

  /// Numbers that there is room for: all below the highest one ever set, and the rest of its page.
  [[nodiscard]] std::size_t capacity() const { return pages_.size() * kPageNames; }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::size_t kPageNames = 16;
  // The lengths of the sixteen, a byte each, and then their characters.
  using Page = std::unique_ptr<char[]>;  // NOLINT(modernize-avoid-c-arrays): a vector would take 24 bytes

  std::vector<Page> pages_;
  std::size_t page_bytes_ = 0;  // of all pages
};

}  // namespace liveops::adapters::memory
