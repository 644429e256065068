#include "adapters/memory/leaderboard/name_pages.hpp"

#include <cstring>
#include <numeric>

namespace liveops::adapters::memory {

namespace {

constexpr std::size_t kAllocationBytes = 16;  // what an allocation takes beside what was asked for, about

/// The bytes that the first `count` names of the page take.
std::size_t length_of(const char* page, std::size_t count) {
  return std::accumulate(page, page + count, std::size_t{0},
                         [](std::size_t sum, char length) { return sum + static_cast<unsigned char>(length); });
}

}  // namespace

std::string_view NamePages::name(std::uint32_t number) const {
  const char* page = pages_[number / kPageNames].get();
  if (page == nullptr) return {};
  const std::size_t at = number % kPageNames;
  return {page + kPageNames + length_of(page, at), static_cast<unsigned char>(page[at])};
}

void NamePages::set(std::uint32_t number, std::string_view name) {
  if (number / kPageNames >= pages_.size()) pages_.resize(number / kPageNames + 1);
  Page& page = pages_[number / kPageNames];
  if (!page) {
    page = std::make_unique<char[]>(kPageNames);  // NOLINT(modernize-avoid-c-arrays)
    page_bytes_ += kPageNames + kAllocationBytes;
  }
  const std::size_t at = number % kPageNames;
  const std::size_t bytes = length_of(page.get(), kPageNames);
  const std::size_t before = length_of(page.get(), at);
  const std::size_t old = static_cast<unsigned char>(page[at]);
  // NOLINTNEXTLINE(modernize-avoid-c-arrays)
  auto changed = std::make_unique_for_overwrite<char[]>(kPageNames + bytes - old + name.size());
  std::memcpy(changed.get(), page.get(), kPageNames);
  changed[at] = static_cast<char>(name.size());
  char* to = changed.get() + kPageNames;
  const char* from = page.get() + kPageNames;
  std::memcpy(to, from, before);
  if (!name.empty()) std::memcpy(to + before, name.data(), name.size());
  std::memcpy(to + before + name.size(), from + before + old, bytes - before - old);
  page = std::move(changed);
  page_bytes_ = page_bytes_ - old + name.size();
}

std::size_t NamePages::memory_bytes() const {
  return pages_.capacity() * sizeof(Page) + page_bytes_;
}

}  // namespace liveops::adapters::memory
