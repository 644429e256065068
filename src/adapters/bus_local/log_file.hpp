#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/bus_local/segment.hpp"

namespace liveops::adapters::bus_local {

/// One file of a topic's log: records (`RecordHead`) one after the other, the first at message `first()`.
///
/// A file may hold more than its records: what a crash left of a commit, or what it held as another file of the log
/// before. None of that is taken for a record, since the offset that is due is in none of it.
/// Threads: `read` any, the rest one at a time (the journal's). Errors, unless said: `unavailable`.
class LogFile {
 public:
  /// What is in a file after its process has ended, however it did.
  struct Found {
    std::uint64_t end = 0;                           // one past the last message
    std::map<std::uint64_t, std::string> addressed;  // messages for one group only
  };

  /// Makes the file, or takes the one that is there for empty: message `first` is to be its first.
  [[nodiscard]] static core::Result<std::shared_ptr<LogFile>> begin(std::filesystem::path path, std::uint64_t first);
  /// Opens a file that was begun with `first`.
  [[nodiscard]] static core::Result<std::shared_ptr<LogFile>> open(std::filesystem::path path, std::uint64_t first);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// For the newest file, before anything else: finds where its records end, which is where `append` goes on. A commit
  /// that is not whole is no error: nobody was told that it is stored. Errors also: `corrupt`, when something is broken
  /// that a later commit followed.
  [[nodiscard]] core::Result<Found> recover();
  /// One commit: writes the segments and syncs. After an error the file holds what it held before.
  [[nodiscard]] core::Status append(std::span<const SharedSegment> segments);
  /// Writes more than a commit of small messages needs behind the records, syncs, and leaves it there.
  [[nodiscard]] core::Status probe();

  /// Adds the segments from the one that holds `offset` on, until one that holds `last`, or `max_bytes` are reached.
  /// None when the file does not hold `offset`. Errors also: `corrupt`.
  [[nodiscard]] core::Status read(std::uint64_t offset, std::uint64_t last, std::size_t max_bytes,
                                  std::vector<SharedSegment>& found) const;

  [[nodiscard]] std::uint64_t first() const { return first_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Of its records; of one that was opened and not recovered, of all that is in it.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct Mark {  // a record
    std::uint64_t first = 0;
    std::uint64_t position = 0;
  };

  LogFile(std::filesystem::path path, int file, std::uint64_t first, std::uint64_t bytes);
  [[nodiscard]] core::Status write_at(std::uint64_t position, std::string_view text);
  [[nodiscard]] core::Status refuse_later_commits(std::uint64_t position, std::uint64_t due) const;
  /// Where a search for the record of message `offset` begins.
  [[nodiscard]] Mark mark_before(std::uint64_t offset) const;
  /// Remembers the record, unless one near it is. Requires: `mutex_` is held.
  void mark(Mark record) const;

  const std::filesystem::path path_;
  const int file_;
  const std::uint64_t first_;
  std::string text_;  // of the commit that is being written
  mutable std::mutex mutex_;
  std::uint64_t bytes_;
  mutable std::vector<Mark> marks_;  // some records, ascending: where a search begins
};

}  // namespace liveops::adapters::bus_local
