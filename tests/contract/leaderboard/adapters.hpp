#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ports/lease.hpp"
#include "ports/rank_index.hpp"
#include "ports/revision_store.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_store.hpp"
#include "ports/visibility_store.hpp"

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

/// Fresh, empty stores of one database.
class StoresFixture {
 public:
  virtual ~StoresFixture() = default;
  [[nodiscard]] virtual ports::StandingStore& standings() = 0;
  [[nodiscard]] virtual ports::SnapshotStore& snapshots() = 0;
  [[nodiscard]] virtual ports::VisibilityStore& visibility() = 0;
  [[nodiscard]] virtual ports::RevisionStore& revisions() = 0;
  /// Leases of those who share the database.
  [[nodiscard]] virtual ports::Leases& leases() = 0;
  /// Lets the time of the leases go on.
  virtual void pass(std::chrono::milliseconds time) = 0;
  /// Closes the database and opens it again.
  virtual void reopen() = 0;
};

struct StoresAdapter {
  std::string name;
  std::function<std::unique_ptr<StoresFixture>()> make;
};

/// Every adapter of the ports: one that is missing here does not exist.
[[nodiscard]] std::vector<RankIndexAdapter> rank_index_adapters();
[[nodiscard]] std::vector<StoresAdapter> stores_adapters();

}  // namespace liveops::contract
