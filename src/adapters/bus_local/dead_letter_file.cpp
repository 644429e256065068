#include "adapters/bus_local/dead_letter_file.hpp"

#include <system_error>
#include <utility>

namespace liveops::adapters::bus_local {

core::Result<std::unique_ptr<DeadLetterFile>> DeadLetterFile::open(const std::filesystem::path& directory) {
  const auto file = directory / "bus.db";
  std::error_code failure;
  if (!std::filesystem::exists(file, failure)) {
    return core::fail(core::Errc::not_found,
                      "no bus in " + directory.string() + ": give the directory that holds bus.db");
  }
  auto store = GroupStore::open(file);
  if (!store) return std::unexpected(store.error());
  return std::unique_ptr<DeadLetterFile>(new DeadLetterFile(*std::move(store)));
}

ports::Task<std::vector<ports::DeadLetter>> DeadLetterFile::list(std::size_t limit, std::string after) {
  return reader_.list(limit, std::move(after));
}

ports::Task<ports::DeadLetter> DeadLetterFile::show(std::string id) {
  return reader_.show(std::move(id));
}

ports::Task<void> DeadLetterFile::redrive(std::string id) {
  return reader_.request_redrive(std::move(id));
}

}  // namespace liveops::adapters::bus_local
