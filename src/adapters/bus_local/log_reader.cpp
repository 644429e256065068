#include "adapters/bus_local/log_reader.hpp"

#include <utility>

namespace liveops::adapters::bus_local {

ports::Task<std::vector<SharedSegment>> LogReader::read(ports::Topic topic, std::uint64_t offset, std::uint64_t last,
                                                        std::size_t max_bytes) {
  co_return co_await worker_.run([=, this]() -> core::Result<std::vector<SharedSegment>> {
    auto segments = store_.read(topic, offset, last, max_bytes);
    if (!segments) return std::unexpected(segments.error());
    std::vector<SharedSegment> shared;
    shared.reserve(segments->size());
    for (auto& segment : *segments) shared.push_back(std::make_shared<const Segment>(std::move(segment)));
    return shared;
  });
}

ports::Task<std::vector<ports::DeadLetter>> LogReader::list(std::size_t limit, std::string after) {
  co_return co_await worker_.run([this, limit, after = std::move(after)] { return dead_.list(limit, after); });
}

ports::Task<ports::DeadLetter> LogReader::show(std::string id) {
  co_return co_await worker_.run([this, id = std::move(id)] { return dead_.find(id); });
}

ports::Task<void> LogReader::request_redrive(std::string id) {
  co_return co_await worker_.run([this, id = std::move(id)] { return dead_.request_redrive(id); });
}

}  // namespace liveops::adapters::bus_local
