#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "core/error.hpp"

namespace liveops::ports {

/// Keeps what a process took in since its latest checkpoint, so that after a crash the two together give what it knew.
///
/// Records lie in numbered parts. A checkpoint begins a part and remembers its number; once the checkpoint is kept, the
/// parts before that are not needed any more.
///
/// Threads: one at a time. Blocks: call it on a thread of your own.
class WriteAheadLog {
 public:
  virtual ~WriteAheadLog() = default;

  /// Takes one record, of at most `kMostBytes`. Once this returns it survives the end of the process; not promised: a
  /// loss of power. Errors: `unavailable` (also when the part is as large as it may be: begin another),
  /// `invalid_argument` (too large).
  [[nodiscard]] virtual core::Status append(std::string_view record) = 0;
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

  /// What is appended from now on lies in a new part; its number, above that of every other. Errors: `unavailable`.
  [[nodiscard]] virtual core::Result<std::uint64_t> begin_part() = 0;

  /// Parts before this one may go. What cannot be removed now goes another time.
  virtual void drop_before(std::uint64_t part) = 0;

  /// Hands over the records from part `first` on, in their order. What a crash left half written ends its part and is
  /// no error. Errors: `unavailable`.
  using Reader = std::function<void(std::string_view record)>;
  [[nodiscard]] virtual core::Status replay(std::uint64_t first, const Reader& read) = 0;
};

}  // namespace liveops::ports
