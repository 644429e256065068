#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "adapters/bus_local/record.hpp"

namespace liveops::adapters::bus_local {

/// Walks from record to record of a file, in their order.
///
/// Errors, everywhere: `unavailable`, when the file cannot be read.
class RecordCursor {
 public:
  /// Begins at `position`, where the record of message `due` should be, and sees nothing at or behind `limit`.
  RecordCursor(int file, const std::filesystem::path& path, std::uint64_t position, std::uint64_t due,
               std::uint64_t limit)
      : file_(file), path_(path), position_(position), due_(due), limit_(limit) {}

  /// The head of the next record; nullopt when what is there is not the one that is due.
  [[nodiscard]] core::Result<std::optional<RecordHead>> peek();
  /// The next record as it is stored, until the next call; nullopt when it is not whole or its checksum is wrong.
  /// Requires: `peek` has just given `head`.
  [[nodiscard]] core::Result<std::optional<std::string_view>> take(const RecordHead& head);
  /// Goes on behind the record. Requires: `peek` has given `head`.
  void pass(const RecordHead& head);

  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] std::uint64_t due() const { return due_; }

 private:
  /// Up to `bytes` at the position; fewer at the limit.
  [[nodiscard]] core::Result<std::string_view> look(std::size_t bytes);

  const int file_;
  const std::filesystem::path& path_;
  std::uint64_t position_;
  std::uint64_t due_;
  const std::uint64_t limit_;
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;  // its position in the file
};

}  // namespace liveops::adapters::bus_local
