#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_inmem {

/// The dead letters of all groups, oldest first. Threads: any.
class DeadLetterBox {
 public:
  explicit DeadLetterBox(std::size_t max) : max_(max) {}

  /// Gives the letter its id. Errors: `unavailable` when the box is full.
  [[nodiscard]] core::Status add(ports::DeadLetter letter);
  [[nodiscard]] std::vector<ports::DeadLetter> list(std::size_t limit, std::string_view after) const;
  /// Errors: `not_found`.
  [[nodiscard]] core::Result<ports::DeadLetter> find(std::string_view id) const;
  void remove(std::string_view id);

 private:
  std::size_t max_;
  mutable std::mutex mutex_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, ports::DeadLetter> letters_;
};

}  // namespace liveops::adapters::bus_inmem
