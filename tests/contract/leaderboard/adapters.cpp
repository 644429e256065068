#include "tests/contract/leaderboard/adapters.hpp"

#include "adapters/memory/leaderboard/rank_index.hpp"

namespace liveops::contract {

namespace {

struct MemoryIndex final : RankIndexFixture {
  MemoryIndex() { index = &memory; }
  adapters::memory::RankIndex memory;
};

}  // namespace

std::vector<RankIndexAdapter> rank_index_adapters() {
  return {{"memory", [] { return std::make_unique<MemoryIndex>(); }}};
}

}  // namespace liveops::contract
