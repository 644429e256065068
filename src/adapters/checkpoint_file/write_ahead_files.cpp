#include "adapters/checkpoint_file/write_ahead_files.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

namespace liveops::adapters {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr std::size_t kHeadBytes = 2 * sizeof(std::uint32_t);

std::unexpected<core::Error> failed(const std::string& what, const std::filesystem::path& path, int error) {
  return core::fail(core::Errc::unavailable,
                    "cannot " + what + " " + path.string() + ": " + std::generic_category().message(error));
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// One record after the other; stops where one is not whole.
core::Status read_part(const std::filesystem::path& path, const ports::WriteAheadLog::Reader& read) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed("read", path, errno);
  std::array<std::uint32_t, 2> head{};
  std::string record;
  while (file.read(reinterpret_cast<char*>(head.data()), kHeadBytes)) {
    if (head[0] > ports::WriteAheadLog::kMostBytes) break;
    record.resize(head[0]);
    if (!file.read(record.data(), static_cast<std::streamsize>(record.size())) || crc_of(record) != head[1]) break;
    read(record);
  }
  return {};
}

}  // namespace

WriteAheadFiles::WriteAheadFiles(std::filesystem::path path, Options options)
    : path_(std::move(path)), options_(options) {}

WriteAheadFiles::~WriteAheadFiles() {
  close();
}

void WriteAheadFiles::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

std::filesystem::path WriteAheadFiles::path_of(std::uint64_t part) const {
  return path_.string() + "." + std::to_string(part);
}

std::vector<std::uint64_t> WriteAheadFiles::parts() const {
  std::vector<std::uint64_t> found;
  const std::string prefix = path_.filename().string() + ".";
  std::error_code error;
  const auto directory = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    std::uint64_t number = 0;
    const char* const last = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), last, number);
    if (parsed.ec == std::errc() && parsed.ptr == last) found.push_back(number);
  }
  std::ranges::sort(found);
  return found;
}

core::Result<std::uint64_t> WriteAheadFiles::begin_part() {
  close();
  const auto known = parts();
  part_ = std::max(part_, known.empty() ? 0 : known.back()) + 1;
  bytes_ = 0;
  std::error_code error;
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), error);
  if (error) return failed("make the directory", path_.parent_path(), error.value());
  file_ = ::open(path_of(part_).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, kOwnerOnly);
  if (file_ < 0) return failed("write", path_of(part_), errno);
  return part_;
}

core::Status WriteAheadFiles::append(std::string_view record) {
  if (record.size() > kMostBytes) return core::fail(core::Errc::invalid_argument, "a record is too large");
  if (file_ < 0) {
    if (auto begun = begin_part(); !begun) return std::unexpected(begun.error());
  }
  if (bytes_ + kHeadBytes + record.size() > options_.max_part_bytes) {
    return core::fail(core::Errc::unavailable, path_of(part_).string() + " is as large as it may be");
  }
  const std::array<std::uint32_t, 2> head{static_cast<std::uint32_t>(record.size()), crc_of(record)};
  record_.assign(reinterpret_cast<const char*>(head.data()), kHeadBytes);
  record_ += record;
  if (auto written = write(record_); !written) {
    close();  // what comes after half a record would not be read: the next one begins a part
    return written;
  }
  bytes_ += record_.size();
  return {};
}

core::Status WriteAheadFiles::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", path_of(part_), errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

void WriteAheadFiles::drop_before(std::uint64_t part) {
  for (const std::uint64_t number : parts()) {
    std::error_code ignored;
    if (number < part) std::filesystem::remove(path_of(number), ignored);
  }
}

core::Status WriteAheadFiles::replay(std::uint64_t first, const Reader& read) {
  for (const std::uint64_t part : parts()) {
    if (part < first) continue;
    if (auto done = read_part(path_of(part), read); !done) return done;
  }
  return {};
}

}  // namespace liveops::adapters
