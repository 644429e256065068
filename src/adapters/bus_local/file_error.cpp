#include "adapters/bus_local/file_error.hpp"

#include <cerrno>
#include <system_error>

namespace liveops::adapters::bus_local {

std::unexpected<core::Error> cannot(const std::string& what, const std::filesystem::path& path, int system_error) {
  const bool full = system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
  return core::fail(core::Errc::unavailable,
                    "cannot " + what + " " + path.string() + ": " + std::generic_category().message(system_error) +
                        (full ? ": make room on the disk" : ": check the directory and its permissions"));
}

}  // namespace liveops::adapters::bus_local
