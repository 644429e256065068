#pragma once

#include <filesystem>

namespace liveops::test {

/// A new directory under the system's temporary folder, removed with all it holds at the end.
class TempDir {
 public:
  TempDir();
  /// With a copy of what `source` holds.
  explicit TempDir(const std::filesystem::path& source);
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace liveops::test
