#pragma once

#include <filesystem>
#include <utility>

#include "core/error.hpp"

namespace liveops::adapters::bus_local {

/// Ownership of a bus directory: one process at a time. Ends with the process, however that ends.
class DirectoryLock {
 public:
  /// Makes the directory if need be. Errors: `conflict` (another process has it; the message says which),
  /// `unavailable`.
  [[nodiscard]] static core::Result<DirectoryLock> acquire(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

}  // namespace liveops::adapters::bus_local
