#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ports/rank_index.hpp"

namespace liveops::contract {

/// A fresh, empty index and whatever it needs to live.
struct RankIndexFixture {
  virtual ~RankIndexFixture() = default;
  ports::RankIndex* index = nullptr;
};

struct RankIndexAdapter {
  std::string name;
  std::function<std::unique_ptr<RankIndexFixture>()> make;
};

/// Every adapter of the port: one that is missing here does not exist.
[[nodiscard]] std::vector<RankIndexAdapter> rank_index_adapters();

}  // namespace liveops::contract
