#include "adapters/bus_local/file_read.hpp"

#include <unistd.h>

#include <cerrno>

#include "adapters/bus_local/file_error.hpp"

namespace liveops::adapters::bus_local {

core::Status read_at(int file, const std::filesystem::path& path, std::uint64_t offset, std::string& into) {
  std::size_t have = 0;
  while (have < into.size()) {
    const auto got = pread(file, into.data() + have, into.size() - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      into.clear();
      return cannot("read", path, errno);
    }
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  into.resize(have);
  return {};
}

}  // namespace liveops::adapters::bus_local
