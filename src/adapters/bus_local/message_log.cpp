#include "adapters/bus_local/message_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "adapters/bus_local/file_error.hpp"
#include "adapters/bus_local/record.hpp"

namespace liveops::adapters::bus_local {

namespace fs = std::filesystem;
using core::Errc;
using core::Result;
using core::Status;

namespace {

constexpr std::size_t kOffsetDigits = 20;
constexpr std::string_view kSuffix = ".log";

std::unexpected<core::Error> misses(const fs::path& directory, const std::string& name, std::uint64_t offset) {
  return core::fail(Errc::corrupt,
                    "the bus in " + directory.string() + " misses messages: restore it from a backup or move it away",
                    name + " offset " + std::to_string(offset));
}

/// Offsets of the first messages of the files `<name>-<offset>.log`, ascending.
Result<std::vector<std::uint64_t>> find_files(const fs::path& directory, const std::string& name) {
  std::vector<std::uint64_t> found;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(directory, failure); !failure && entry != fs::directory_iterator();
       entry.increment(failure)) {
    const auto file = entry->path().filename().string();
    const auto digits = name.size() + 1;
    if (file.size() != digits + kOffsetDigits + kSuffix.size() || !file.starts_with(name + "-") ||
        !file.ends_with(kSuffix)) {
      continue;
    }
    std::uint64_t first = 0;
    const auto* end = file.data() + digits + kOffsetDigits;
    if (std::from_chars(file.data() + digits, end, first).ptr == end) found.push_back(first);
  }
  if (failure) return cannot("read", directory, failure.value());
  std::ranges::sort(found);
  return found;
}

}  // namespace

Result<std::unique_ptr<MessageLog>> MessageLog::open(const fs::path& directory, ports::Topic topic,
                                                     std::uint64_t least_head, Options options) {
  std::unique_ptr<MessageLog> log(new MessageLog(directory, std::string(ports::to_string(topic)), options));
  if (auto restored = log->restore(least_head); !restored) return std::unexpected(restored.error());
  return log;
}

MessageLog::MessageLog(fs::path directory, std::string name, Options options)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      spare_(directory_ / (name_ + ".spare")),
      options_(options) {}

Status MessageLog::restore(std::uint64_t least_head) {
  // Its messages are older than any that could be due, unless somebody has begun the log anew.
  std::error_code failure;
  fs::remove(spare_, failure);
  if (failure) return cannot("remove", spare_, failure.value());

  const auto firsts = find_files(directory_, name_);
  if (!firsts) return std::unexpected(firsts.error());
  for (const auto first : *firsts) {
    auto file = LogFile::open(path_of(first), first);
    if (!file) return std::unexpected(file.error());
    files_.push_back(*std::move(file));
  }
  head_ = least_head;
  if (files_.empty()) return {};
  auto found = files_.back()->recover();
  if (!found) return std::unexpected(found.error());
  if (found->end < least_head) return misses(directory_, name_, found->end);
  head_ = found->end;
  addressed_ = std::move(found->addressed);
  return {};
}

fs::path MessageLog::path_of(std::uint64_t first) const {
  const auto digits = std::to_string(first);
  return directory_ / (name_ + "-" + std::string(kOffsetDigits - digits.size(), '0') + digits + std::string(kSuffix));
}

MessageLog::Files MessageLog::files() const {
  const std::lock_guard lock(mutex_);
  return files_;
}

std::uint64_t MessageLog::oldest() const {
  return files_.empty() ? head_ : files_.front()->first();
}

std::uint64_t MessageLog::used_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& file : files()) bytes += file->bytes();
  return bytes;
}

std::uint64_t MessageLog::cost_of(std::uint64_t bytes) {
  constexpr std::uint64_t kSegmentBytes = 128U << 10U;  // about as long as this or longer, when there are several
  return bytes + (bytes / kSegmentBytes + 1) * RecordHead::kBytes;
}

Status MessageLog::append(std::span<const SharedSegment> segments) {
  if (files_.empty() || files_.back()->bytes() >= options_.file_bytes) {
    if (auto begun = begin_file(); !begun) return begun;
  }
  if (auto stored = files_.back()->append(segments); !stored) return stored;
  head_ = segments.back()->end();
  return {};
}

Status MessageLog::begin_file() {
  const auto path = path_of(head_);
  if (rename(spare_.c_str(), path.c_str()) != 0 && errno != ENOENT) return cannot("rename", spare_, errno);
  auto file = LogFile::begin(path, head_);
  if (!file) return std::unexpected(file.error());
  // Before anything in it counts as stored.
  if (auto synced = sync_directory(); !synced) return synced;
  const std::lock_guard lock(mutex_);
  files_.push_back(*std::move(file));
  return {};
}

Status MessageLog::sync_directory() const {
  const int directory = ::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return cannot("open", directory_, errno);
  const int error = fsync(directory) == 0 ? 0 : errno;
  close(directory);
  if (error != 0) return cannot("sync", directory_, error);
  return {};
}

std::size_t MessageLog::reclaim(std::uint64_t below, std::size_t max_files) {
  std::size_t dropped = 0;
  for (; dropped < max_files && files_.size() > 1 && files_[1]->first() <= below; ++dropped) drop_oldest(true);
  return dropped;
}

void MessageLog::give_back(std::uint64_t below) {
  while (files_.size() > 1 && files_[1]->first() <= below) drop_oldest(false);
  if (files_.size() == 1 && head_ <= below) drop_oldest(false);
  std::error_code stays;
  fs::remove(spare_, stays);
}

void MessageLog::drop_oldest(bool keep_for_later) {
  std::shared_ptr<LogFile> file;
  {
    const std::lock_guard lock(mutex_);
    file = std::move(files_.front());
    files_.pop_front();
  }
  // Somebody may still read it: then it must not be written over.
  const bool reusable = keep_for_later && file.use_count() == 1 && file->bytes() <= 2 * options_.file_bytes;
  std::error_code stays;
  if (reusable) {
    fs::rename(file->path(), spare_, stays);
  } else {
    fs::remove(file->path(), stays);
  }
}

Status MessageLog::probe() {
  if (files_.empty()) {
    if (auto begun = begin_file(); !begun) return begun;
  }
  return files_.back()->probe();
}

Result<std::vector<SharedSegment>> MessageLog::read(std::uint64_t offset, std::uint64_t last,
                                                    std::size_t max_bytes) const {
  const auto all = files();
  auto file = std::ranges::upper_bound(all, offset, {}, [](const auto& one) { return one->first(); });
  if (file == all.begin()) return misses(directory_, name_, offset);
  std::vector<SharedSegment> found;
  std::size_t bytes = 0;
  for (--file; true; ++file) {
    const auto next = std::next(file);
    const auto before = found.size();
    const auto due = found.empty() ? offset : found.back()->end();
    // Where the next file begins, this one has ended, whatever a commit that failed has left behind its records.
    const auto end = next == all.end() ? last : std::min(last, (*next)->first() - 1);
    if (auto done = (*file)->read(due, end, max_bytes - bytes, found); !done) return std::unexpected(done.error());
    for (auto i = before; i < found.size(); ++i) bytes += found[i]->frames.bytes.size();
    if (found.empty() || bytes >= max_bytes || next == all.end()) break;
    // A file that ends before the next one begins is damaged: what is wanted from there on is asked for again.
    if (found.back()->end() > last || found.back()->end() != (*next)->first()) break;
  }
  if (found.empty() || !found.front()->holds(offset)) return misses(directory_, name_, offset);
  return found;
}

}  // namespace liveops::adapters::bus_local
