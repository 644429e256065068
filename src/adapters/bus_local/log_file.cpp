#include "adapters/bus_local/log_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/bus_local/file_error.hpp"
#include "adapters/bus_local/file_read.hpp"
#include "adapters/bus_local/record_cursor.hpp"

namespace liveops::adapters::bus_local {

using core::Errc;
using core::Result;
using core::Status;

namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr std::uint64_t kMarkEvery = 64U << 10U;  // bytes
constexpr std::size_t kPageBytes = 4096;          // of the file system's cache
constexpr std::size_t kProbeBytes = 64U << 10U;
constexpr std::size_t kKeptTextBytes = 1U << 20U;  // a larger commit's memory is given back

std::unexpected<core::Error> damaged(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t position) {
  return core::fail(Errc::corrupt, path.string() + " is damaged: restore the directory from a backup or move it away",
                    "message " + std::to_string(offset) + ", byte " + std::to_string(position));
}

}  // namespace

Result<std::shared_ptr<LogFile>> LogFile::begin(std::filesystem::path path, std::uint64_t first) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (file < 0) return cannot("make", path, errno);
  return std::shared_ptr<LogFile>(new LogFile(std::move(path), file, first, 0));
}

Result<std::shared_ptr<LogFile>> LogFile::open(std::filesystem::path path, std::uint64_t first) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return cannot("open", path, errno);
  struct stat about{};
  if (fstat(file, &about) != 0) {
    const int error = errno;
    close(file);
    return cannot("read", path, error);
  }
  return std::shared_ptr<LogFile>(new LogFile(std::move(path), file, first, static_cast<std::uint64_t>(about.st_size)));
}

LogFile::LogFile(std::filesystem::path path, int file, std::uint64_t first, std::uint64_t bytes)
    : path_(std::move(path)), file_(file), first_(first), bytes_(bytes) {}

LogFile::~LogFile() {
  close(file_);
}

std::uint64_t LogFile::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

Result<LogFile::Found> LogFile::recover() {
  const std::lock_guard lock(mutex_);
  Found found{.end = first_, .addressed = {}};
  RecordCursor cursor(file_, path_, 0, first_, bytes_);
  while (true) {
    const auto head = cursor.peek();
    if (!head) return std::unexpected(head.error());
    if (!*head) break;
    const auto record = cursor.take(**head);
    if (!record) return std::unexpected(record.error());
    if (!*record) break;
    if ((*head)->group_bytes > 0) {
      found.addressed.emplace((*head)->first, (*record)->substr(RecordHead::kBytes, (*head)->group_bytes));
    }
    mark({.first = cursor.due(), .position = cursor.position()});
    cursor.pass(**head);
  }
  if (auto whole = refuse_later_commits(cursor.position(), cursor.due()); !whole) return std::unexpected(whole.error());
  found.end = cursor.due();
  bytes_ = cursor.position();
  return found;
}

/// A commit is begun only when the one before it is on the disk. So what is broken at the end belongs to the last one,
/// or else it was stored and has been damaged since.
Status LogFile::refuse_later_commits(std::uint64_t position, std::uint64_t due) const {
  std::string rest(bytes_ - position, '\0');
  if (auto done = read_at(file_, path_, position, rest); !done) return done;
  const std::string_view text = rest;
  for (auto at = text.find(RecordHead::kMagic); at != std::string_view::npos;
       at = text.find(RecordHead::kMagic, at + 1)) {
    const auto head = RecordHead::parse(text.substr(at));
    if (head && head->commit > due && head->matches(text.substr(at, head->bytes()))) {
      return damaged(path_, due, position);
    }
  }
  return {};
}

Status LogFile::append(std::span<const SharedSegment> segments) {
  text_.clear();
  for (const auto& segment : segments) {
    if (!write_record(*segment, segments.front()->first, text_)) {
      return core::fail(Errc::invalid_argument, "envelope too large to store");
    }
  }
  const auto position = bytes_;
  const auto end = position + text_.size();
  // To the end of the page: it need not be read first, and what was there before is gone.
  text_.resize((end + kPageBytes - 1) / kPageBytes * kPageBytes - position, '\0');
  if (auto written = write_at(position, text_); !written) return written;
  if (text_.capacity() > kKeptTextBytes) text_ = {};
  const std::lock_guard lock(mutex_);
  mark({.first = segments.front()->first, .position = position});
  bytes_ = end;
  return {};
}

Status LogFile::probe() {
  return write_at(bytes_, std::string(kProbeBytes, '\0'));
}

Status LogFile::write_at(std::uint64_t position, std::string_view text) {
  while (!text.empty()) {
    const auto written = pwrite(file_, text.data(), text.size(), static_cast<off_t>(position));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot("write", path_, written < 0 ? errno : EIO);
    position += static_cast<std::uint64_t>(written);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fdatasync(file_) != 0) return cannot("sync", path_, errno);
  return {};
}

Status LogFile::read(std::uint64_t offset, std::uint64_t last, std::size_t max_bytes,
                     std::vector<SharedSegment>& found) const {
  const auto from = mark_before(offset);
  RecordCursor cursor(file_, path_, from.position, from.first, bytes());
  std::vector<Mark> passed;
  std::size_t bytes = 0;
  while (bytes < max_bytes && cursor.due() <= last) {
    const auto head = cursor.peek();
    if (!head) return std::unexpected(head.error());
    if (!*head) break;
    passed.push_back({.first = cursor.due(), .position = cursor.position()});
    if ((*head)->end() > offset) {
      const auto record = cursor.take(**head);
      if (!record) return std::unexpected(record.error());
      if (!*record) return damaged(path_, cursor.due(), cursor.position());
      auto segment = (*head)->read(**record);
      if (!segment) return std::unexpected(segment.error());
      bytes += segment->frames.bytes.size();
      found.push_back(std::make_shared<const Segment>(*std::move(segment)));
    }
    cursor.pass(**head);
  }
  const std::lock_guard lock(mutex_);
  for (const auto& record : passed) mark(record);
  return {};
}

LogFile::Mark LogFile::mark_before(std::uint64_t offset) const {
  const std::lock_guard lock(mutex_);
  const auto after = std::ranges::upper_bound(marks_, offset, {}, &Mark::first);
  return after == marks_.begin() ? Mark{.first = first_, .position = 0} : *std::prev(after);
}

void LogFile::mark(Mark record) const {
  const auto last = marks_.empty() ? 0 : marks_.back().position;
  if (record.position >= last + kMarkEvery) marks_.push_back(record);
}

}  // namespace liveops::adapters::bus_local
