#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include "adapters/redis/client/request.hpp"
#include "core/error.hpp"

namespace liveops::adapters::redis {

/// Requests on their way from any thread to the connection, bounded by the bytes of all that are not yet answered.
///
/// Threads: any.
class Inbox {
 public:
  explicit Inbox(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Takes the request, unless it fails; true: nobody was told yet that there is something to take.
  /// Errors: `unavailable` (closed, full), `invalid_argument` (larger than the whole inbox).
  [[nodiscard]] core::Result<bool> push(Request& request);

  /// All that gathered, in order. They count until `answered`.
  [[nodiscard]] std::vector<Request> take();
  void answered(std::size_t bytes);

  /// From now on `push` fails with `why`.
  void close(core::Error why);
  void open();

 private:
  std::mutex mutex_;
  const std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::vector<Request> requests_;
  bool told_ = false;
  std::optional<core::Error> closed_;
};

}  // namespace liveops::adapters::redis
