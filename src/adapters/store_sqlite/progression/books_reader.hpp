#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/database.hpp"
#include "adapters/store_sqlite/progression/player_reader.hpp"
#include "ports/progress_books.hpp"

namespace liveops::adapters::store_sqlite::progression {

/// What ProgressBooks::Reader promises, as plain calls within one snapshot.
///
/// Threads: the database's. Must not outlive the snapshot.
class BooksReader {
 public:
  explicit BooksReader(sqlite::Database& database);

  [[nodiscard]] core::Result<std::vector<ports::LedgerRow>> ledger(std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::LedgerRow>> history(core::Timestamp from, core::Timestamp to,
                                                                    std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::PlayerBooks>> players(std::size_t limit);
  [[nodiscard]] core::Result<std::vector<ports::GrantedDrop>> drops(std::size_t limit);
  [[nodiscard]] core::Result<std::vector<core::DropId>> granted(const std::vector<core::DropId>& drops);
  [[nodiscard]] core::Result<std::vector<ports::RepeatedEvent>> repeated_events(std::size_t limit);

 private:
  [[nodiscard]] core::Result<ports::PlayerBooks> books_of(const core::PlayerId& player);
  [[nodiscard]] core::Status read_receipts(std::int64_t key, ports::PlayerBooks& books);

  sqlite::Database& database_;
  PlayerReader reader_;
  sqlite::Statement ledger_;
  bool ledger_ended_ = false;
  std::optional<sqlite::Statement> history_;
  bool history_ended_ = false;
  sqlite::Statement drops_;
  bool drops_ended_ = false;
  sqlite::Statement names_;
  std::string last_player_;
  sqlite::Statement receipts_;
  sqlite::Statement granted_;
};

}  // namespace liveops::adapters::store_sqlite::progression
