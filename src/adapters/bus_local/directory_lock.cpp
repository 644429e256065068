#include "adapters/bus_local/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "adapters/bus_local/file_error.hpp"

namespace liveops::adapters::bus_local {

using core::Errc;

namespace {

std::string owner_of(int file) {
  std::array<char, 32> text{};
  const auto length = pread(file, text.data(), text.size() - 1, 0);
  std::string owner(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!owner.empty() && owner.back() == '\n') owner.pop_back();
  return owner.empty() ? "unknown" : owner;
}

}  // namespace

core::Result<DirectoryLock> DirectoryLock::acquire(const std::filesystem::path& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) return cannot("make", directory, failure.value());
  const auto path = directory / "bus.lock";
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return cannot("open", path, errno);
  DirectoryLock lock(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot("lock", path, errno);
    return core::fail(Errc::conflict, "the bus in " + directory.string() + " is in use by process " + owner_of(file) +
                                          ": stop that one or choose another directory");
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(file, 0) != 0) return cannot("write", path, errno);
  if (pwrite(file, pid.data(), pid.size(), 0) < 0) return cannot("write", path, errno);
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) close(file_);  // and with it the lock
}

}  // namespace liveops::adapters::bus_local
