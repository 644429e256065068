#include "adapters/bus_local/log_reader.hpp"

namespace liveops::adapters::bus_local {

ports::Task<std::vector<SharedSegment>> LogReader::read(ports::Topic topic, std::uint64_t offset, std::uint64_t last,
                                                        std::size_t max_bytes) {
  const auto& log = *logs_[static_cast<std::size_t>(topic)];
  co_return co_await worker_.run([&log, offset, last, max_bytes] { return log.read(offset, last, max_bytes); });
}

}  // namespace liveops::adapters::bus_local
