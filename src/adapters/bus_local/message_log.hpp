#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "adapters/bus_local/log_file.hpp"
#include "ports/event_bus.hpp"

namespace liveops::adapters::bus_local {

/// The messages of one topic, in files `<topic>-<offset of the first, 20 digits>.log` of a directory.
///
/// Files that are no longer needed become the next ones: a file that is written over costs less to sync than one that
/// grows, since the file system has nothing to write about it.
/// Threads: `read` and `used_bytes` any, the rest one at a time (the journal's). Errors, unless said: `unavailable`.
class MessageLog {
 public:
  struct Options {
    std::uint64_t file_bytes = 16U << 20U;  // a file gets no more commits from here on
  };

  /// Finds the files there are. `least_head`: how far the log had come, as its groups know it.
  /// Errors also: `corrupt`, when files are missing or damaged.
  [[nodiscard]] static core::Result<std::unique_ptr<MessageLog>> open(const std::filesystem::path& directory,
                                                                      ports::Topic topic, std::uint64_t least_head,
                                                                      Options options);

  /// Stores the segments, the first of which begins at `head()`, as one commit: they are on the disk when it returns.
  [[nodiscard]] core::Status append(std::span<const SharedSegment> segments);
  /// Drops up to `max_files` of the oldest files whose messages all lie below `below`; says how many. What is left in
  /// the way by the file system is dropped at the next start.
  [[nodiscard]] std::size_t reclaim(std::uint64_t below, std::size_t max_files);
  /// Drops all that can be dropped, and what is kept for later files, too.
  void give_back(std::uint64_t below);
  /// Can it store now?
  [[nodiscard]] core::Status probe();

  /// The segments from the one that holds `offset` on, until one that holds `last` or `max_bytes` are reached.
  /// Errors also: `corrupt`, also when `offset` is not there.
  [[nodiscard]] core::Result<std::vector<SharedSegment>> read(std::uint64_t offset, std::uint64_t last,
                                                              std::size_t max_bytes) const;

  /// One past the newest message.
  [[nodiscard]] std::uint64_t head() const { return head_; }
  /// Of the oldest message kept; `head()` when there is none.
  [[nodiscard]] std::uint64_t oldest() const;
  /// Messages for one group only that the newest file held when it was opened: offset -> group.
  [[nodiscard]] const std::map<std::uint64_t, std::string>& addressed() const { return addressed_; }
  [[nodiscard]] std::uint64_t used_bytes() const;
  /// What appending so many bytes adds to that at most.
  [[nodiscard]] static std::uint64_t cost_of(std::uint64_t bytes);

 private:
  using Files = std::deque<std::shared_ptr<LogFile>>;

  MessageLog(std::filesystem::path directory, std::string name, Options options);
  [[nodiscard]] core::Status restore(std::uint64_t least_head);
  /// Begins the file that the next message goes into.
  [[nodiscard]] core::Status begin_file();
  [[nodiscard]] core::Status sync_directory() const;
  [[nodiscard]] std::filesystem::path path_of(std::uint64_t first) const;
  [[nodiscard]] Files files() const;
  void drop_oldest(bool keep_for_later);

  const std::filesystem::path directory_;
  const std::string name_;
  const std::filesystem::path spare_;  // the file that was dropped last, to become the next one
  const Options options_;
  std::uint64_t head_ = 0;
  std::map<std::uint64_t, std::string> addressed_;
  mutable std::mutex mutex_;  // guards files_; only the journal's thread changes it
  Files files_;               // by their first message; the last is written to
};

}  // namespace liveops::adapters::bus_local
