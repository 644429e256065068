#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace liveops::adapters::sqlite {

/// A prepared statement. Bind from 1, read columns from 0 (SQLite's own convention).
///
/// Threads: the database's. Must not outlive its Database. A failed bind shows at the next step.
class Statement {
 public:
  Statement() = default;

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, double value);
  Statement& bind_text(int index, std::string_view value);  // copied
  Statement& bind_blob(int index, std::string_view value);  // copied
  Statement& bind_null(int index);

  /// True: a row is there to read. False: done. Errors: as `map_error`.
  [[nodiscard]] core::Result<bool> step();
  /// Steps to the end and makes the statement ready for the next use. Errors: as `map_error`.
  [[nodiscard]] core::Status run();
  /// Ready for new bindings; also after an error.
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t int64(int column) const;
  [[nodiscard]] double real(int column) const;
  /// Valid until the next step or reset.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One connection to one database file, in WAL mode.
///
/// Threads: one at a time (a Worker's).
class Database {
 public:
  struct Options {
    bool sync_every_commit = true;  // synchronous=FULL: a commit is on disk when it returns; else NORMAL
    int cache_mib = 16;
    int page_bytes = 4096;  // of a new file
  };

  /// Opens or makes the file (its directory must exist). Errors: `unavailable` (not writable, disk full, locked),
  /// `corrupt` (not a database, damaged); the message names the file and what to do.
  [[nodiscard]] static core::Result<Database> open(const std::filesystem::path& file, Options options);

  /// Runs statements that give no rows. Errors: as `map_error`.
  [[nodiscard]] core::Status exec(const std::string& sql);
  /// Throws std::logic_error when the SQL is wrong: that is a bug, not an input. Kept for the connection's life.
  [[nodiscard]] Statement prepare(std::string_view sql);
  [[nodiscard]] std::int64_t last_insert_rowid() const;
  /// Rows that the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  /// Pages of the file at most: fills it up in tests of a full disk.
  void limit_pages(std::int64_t pages);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Database(std::filesystem::path file, sqlite3* handle) : file_(std::move(file)), handle_(handle) {}
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back when it ends without `commit`.
class Transaction {
 public:
  /// Errors: as `map_error`.
  [[nodiscard]] static core::Result<Transaction> begin(Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  /// Errors: as `map_error`; the transaction is rolled back then.
  [[nodiscard]] core::Status commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

/// SQLite result code -> error: BUSY, LOCKED, FULL, IOERR, CANTOPEN, READONLY, NOMEM: `unavailable`; CORRUPT, NOTADB:
/// `corrupt`; CONSTRAINT: `conflict`; TOOBIG: `invalid_argument`; else `internal`. Source: sqlite.org/rescode.html.
[[nodiscard]] core::Error map_error(int code, const std::filesystem::path& file, std::string_view sqlite_message);

}  // namespace liveops::adapters::sqlite
