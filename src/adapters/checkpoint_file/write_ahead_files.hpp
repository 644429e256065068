#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ports/write_ahead_log.hpp"

namespace liveops::adapters {

/// WriteAheadLog in files `<path>.1`, `<path>.2`, ..., one a part.
///
/// A record is its length and CRC-32, four bytes each in the machine's order, then its bytes.
class WriteAheadFiles final : public ports::WriteAheadLog {
 public:
  struct Options {
    std::size_t max_part_bytes = std::size_t{256} << 20U;
  };
  /// The directory is made with the first record if need be.
  explicit WriteAheadFiles(std::filesystem::path path) : WriteAheadFiles(std::move(path), Options{}) {}
  WriteAheadFiles(std::filesystem::path path, Options options);
  ~WriteAheadFiles() override;
  WriteAheadFiles(const WriteAheadFiles&) = delete;
  WriteAheadFiles& operator=(const WriteAheadFiles&) = delete;

  [[nodiscard]] core::Status append(std::string_view record) override;
  [[nodiscard]] core::Result<std::uint64_t> begin_part() override;
  void drop_before(std::uint64_t part) override;
  [[nodiscard]] core::Status replay(std::uint64_t first, const Reader& read) override;

 private:
  [[nodiscard]] std::filesystem::path path_of(std::uint64_t part) const;
  /// Numbers of the parts that are there, ascending.
  [[nodiscard]] std::vector<std::uint64_t> parts() const;
  [[nodiscard]] core::Status write(std::string_view bytes);
  void close();

  std::filesystem::path path_;
  Options options_;
  int file_ = -1;
  std::uint64_t part_ = 0;  // 0: none was begun here
  std::size_t bytes_ = 0;
  std::string record_;
};

}  // namespace liveops::adapters
