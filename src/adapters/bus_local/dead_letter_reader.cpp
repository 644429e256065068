#include "adapters/bus_local/dead_letter_reader.hpp"

#include <utility>

namespace liveops::adapters::bus_local {

ports::Task<std::vector<ports::DeadLetter>> DeadLetterReader::list(std::size_t limit, std::string after) {
  co_return co_await worker_.run([this, limit, after = std::move(after)] { return dead_.list(limit, after); });
}

ports::Task<ports::DeadLetter> DeadLetterReader::show(std::string id) {
  co_return co_await worker_.run([this, id = std::move(id)] { return dead_.find(id); });
}

ports::Task<void> DeadLetterReader::request_redrive(std::string id) {
  co_return co_await worker_.run([this, id = std::move(id)] { return dead_.request_redrive(id); });
}

}  // namespace liveops::adapters::bus_local
