#include "adapters/checkpoint_file/checkpoint_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace liveops::adapters {
namespace {

constexpr mode_t kOwnerOnly = 0600;

std::unexpected<core::Error> failed(const std::string& what, const std::filesystem::path& path, int error) {
  return core::fail(core::Errc::unavailable,
                    "cannot " + what + " " + path.string() + ": " + std::generic_category().message(error));
}

/// A file that is being written, and removed unless it was renamed.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path)
      : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly)) {}
  ~NewFile() {
    if (file_ < 0) return;
    ::close(file_);
    if (!renamed_) ::unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  [[nodiscard]] bool is_open() const { return file_ >= 0; }

  core::Status write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return failed("write", path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  core::Status rename_to(const std::filesystem::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) return failed("rename", path_, errno);
    renamed_ = true;
    return {};
  }

 private:
  std::filesystem::path path_;
  int file_;
  bool renamed_ = false;
};

}  // namespace

CheckpointFile::CheckpointFile(std::filesystem::path path) : path_(std::move(path)) {}

CheckpointFile::~CheckpointFile() {
  thread_.join();
}

ports::Task<void> CheckpointFile::save(std::function<core::Status(const Sink&)> write) {
  co_return co_await boost::asio::co_spawn(thread_, write_beside_and_rename(std::move(write)),
                                           boost::asio::use_awaitable);
}

ports::Task<void> CheckpointFile::write_beside_and_rename(std::function<core::Status(const Sink&)> write) {
  std::error_code error;
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), error);
  if (error) co_return failed("make the directory", path_.parent_path(), error.value());
  NewFile file(path_.string() + ".new");
  if (!file.is_open()) co_return failed("write", path_.string() + ".new", errno);
  if (auto written = write([&file](std::string_view bytes) { return file.write(bytes); }); !written) co_return written;
  co_return file.rename_to(path_);
}

core::Result<std::string> CheckpointFile::load() {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error == std::errc::no_such_file_or_directory) {
    return core::fail(core::Errc::not_found, "there is no checkpoint " + path_.string());
  }
  if (error) return failed("read", path_, error.value());
  std::string bytes(size, '\0');
  std::ifstream file(path_, std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return failed("read", path_, EIO);
  return bytes;
}

}  // namespace liveops::adapters
