#include "adapters/sqlite/database.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <tuple>

namespace liveops::adapters::sqlite {

using core::Errc;
using core::Error;

namespace {

std::filesystem::path file_of(sqlite3* handle) {
  const char* name = sqlite3_db_filename(handle, "main");
  return name == nullptr ? std::filesystem::path() : std::filesystem::path(name);
}

Error last_error(sqlite3* handle) {
  return map_error(sqlite3_extended_errcode(handle), file_of(handle), sqlite3_errmsg(handle));
}

}  // namespace

Error map_error(int code, const std::filesystem::path& file, std::string_view sqlite_message) {
  const std::string name = file.string();
  std::string detail = "sqlite " + std::to_string(code) + ": " + std::string(sqlite_message);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Errc::unavailable, "no space left for " + name + ": free disk space, nothing was lost",
              std::move(detail)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::unavailable, name + " is locked by another process: stop the other one", std::move(detail)};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {Errc::unavailable, "cannot open " + name + " for writing: check the directory and its permissions",
              std::move(detail)};
    case SQLITE_IOERR:
      return {Errc::unavailable, "input/output error on " + name + ": check the disk", std::move(detail)};
    case SQLITE_NOMEM:
      return {Errc::unavailable, "out of memory", std::move(detail)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::corrupt, name + " is damaged or not a database: restore it from a backup or move it away",
              std::move(detail)};
    case SQLITE_CONSTRAINT:
      return {Errc::conflict, "already there", std::move(detail)};
    case SQLITE_TOOBIG:
      return {Errc::invalid_argument, "value too large to store", std::move(detail)};
    default:
      return {Errc::internal, "unexpected error on " + name, std::move(detail)};
  }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, double value) {
  sqlite3_bind_double(statement_.get(), index, value);
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
  // A null pointer would bind NULL; an empty view may hold one.
  const char* data = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(statement_.get(), index);
  return *this;
}

core::Result<bool> Statement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default: {
      Error error = last_error(sqlite3_db_handle(statement_.get()));
      reset();
      return std::unexpected(std::move(error));
    }
  }
}

core::Status Statement::run() {
  while (true) {
    const auto row = step();
    if (!row) return std::unexpected(row.error());
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());  // repeats the last step's error, which step() has reported
  sqlite3_clear_bindings(statement_.get());
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::int64(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return data == nullptr
             ? std::string_view()
             : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return data == nullptr
             ? std::string_view()
             : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

core::Result<Database> Database::open(const std::filesystem::path& file, Options options) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(file, raw);
  if (code != SQLITE_OK) {
    return std::unexpected(map_error(code, file, raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)));
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 5000);
  const std::string setup =
      "PRAGMA page_size=" + std::to_string(options.page_bytes) +
      "; PRAGMA journal_mode=WAL; PRAGMA synchronous=" + (options.sync_every_commit ? "FULL" : "NORMAL") +
      "; PRAGMA cache_size=-" + std::to_string(options.cache_mib * 1024) +
      "; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;";
  if (auto done = database.exec(setup); !done) return std::unexpected(done.error());
  return database;
}

core::Status Database::exec(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return std::unexpected(last_error(handle_.get()));
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    throw std::logic_error("cannot prepare '" + std::string(sql) + "': " + sqlite3_errmsg(handle_.get()));
  }
  return Statement(statement);
}

std::int64_t Database::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(handle_.get());
}
std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_.get());
}

void Database::limit_pages(std::int64_t pages) {
  sqlite3_exec(handle_.get(), ("PRAGMA max_page_count=" + std::to_string(pages)).c_str(), nullptr, nullptr, nullptr);
}

core::Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.exec("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
  return Transaction(&database);
}

Transaction::~Transaction() {
  // A failed rollback means that SQLite has rolled back by itself (FULL, IOERR): nothing is left to undo.
  if (database_ != nullptr) std::ignore = database_->exec("ROLLBACK");
}

core::Status Transaction::commit() {
  if (auto done = database_->exec("COMMIT"); !done) return done;
  database_ = nullptr;
  return {};
}

}  // namespace liveops::adapters::sqlite
