#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "ports/progress_books.hpp"
#include "ports/progress_store.hpp"
#include "ports/revision_store.hpp"
#include "ports/reward_store.hpp"
#include "ports/snapshot_store.hpp"
#include "ports/standing_books.hpp"
#include "ports/standing_store.hpp"
#include "ports/visibility_store.hpp"

namespace liveops::test {

/// The same change in both dialects. SQLite: leaderboard.db is attached as `leaderboard`.
struct Sql {
  std::string sqlite;
  std::string postgres;
};

/// The stores of progression and leaderboard over one set of data, and the books of both, which are opened beside them.
class BookStores {
 public:
  virtual ~BookStores() = default;
  virtual ports::ProgressStore& progress() = 0;
  virtual ports::RewardStore& rewards() = 0;
  virtual ports::StandingStore& standings() = 0;
  virtual ports::SnapshotStore& snapshots() = 0;
  virtual ports::VisibilityStore& visibility() = 0;
  virtual ports::RevisionStore& revisions() = 0;

  virtual ports::ProgressBooks& progress_books() = 0;
  virtual ports::StandingBooks& standing_books() = 0;

  /// Changes rows behind everybody's back.
  virtual void change(const Sql& sql) = 0;
};

/// One adapter under the contract.
struct BookStoresCase {
  std::string name;
  std::function<std::unique_ptr<BookStores>()> make;
  friend std::ostream& operator<<(std::ostream& out, const BookStoresCase& value) { return out << value.name; }
};

/// Every adapter there is: a new one gets its line here.
[[nodiscard]] std::vector<BookStoresCase> all_book_stores();

}  // namespace liveops::test
