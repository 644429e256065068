#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/problem.hpp"

namespace liveops::core {

/// One reference token of a JSON Pointer (RFC 6901 section 3: "~" and "/"), percent-encoded for the fragment form
/// (section 6).
[[nodiscard]] std::string pointer_token(std::string_view name);

/// Collects the faults of one body, each under a common prefix.
///
/// Bounded: past `kMaxFaults` faults are only counted and summed up in a last one, and a pointer that would be longer
/// than `kMaxPointerBytes` names the nearest parent that fits, so that an answer stays small whatever was sent.
class FaultList {
 public:
  static constexpr std::size_t kMaxFaults = 64;
  static constexpr std::size_t kMaxPointerBytes = 512;

  /// `prefix` is the pointer of the whole ("#", "#/3"); it must outlive the list.
  explicit FaultList(std::string_view prefix) : prefix_(prefix) {}

  /// `pointer` is relative to the prefix: "" for the whole, "/payload/xp" for a part.
  void add(std::string_view pointer, std::string detail);

  [[nodiscard]] bool empty() const { return faults_.empty(); }
  [[nodiscard]] std::vector<http::Fault> take();

 private:
  std::string_view prefix_;
  std::vector<http::Fault> faults_;
  std::size_t left_out_ = 0;
};

}  // namespace liveops::core
