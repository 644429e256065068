#include <string>

#include "adapters/postgres/pool.hpp"

namespace liveops::adapters::postgres {

using core::Errc;
using core::Error;

namespace {

struct Row {
  std::string_view prefix;  // of the SQLSTATE
  Errc code;
  std::string_view message;
};

// The first row that fits counts.
constexpr Row kRows[] = {
    {"25006", Errc::unavailable, "the database takes no writes now: is it a standby?"},
    {"55P03", Errc::unavailable, "the database is busy: try again"},
    {"57014", Errc::timeout, "the database took too long"},
    {"57P", Errc::unavailable, "the database is going down or coming up: try again"},
    {"25P03", Errc::unavailable, "the database gave up on a transaction that stood still: try again"},
    {"08", Errc::unavailable, "the database cannot be reached: try again"},
    {"28", Errc::unavailable, "the database refuses the user or password of DB_URL"},
    {"3D000", Errc::unavailable, "the database that DB_URL names does not exist"},
    {"53100", Errc::unavailable, "the database has no disk space left: nothing was lost"},
    {"53", Errc::unavailable, "the database is short of resources: try again"},
    {"40", Errc::unavailable, "the database is too busy with the same rows: try again"},
    {"23", Errc::conflict, "already there"},
    {"XX001", Errc::corrupt, "the database is damaged: restore it from a backup"},
    {"XX002", Errc::corrupt, "the database is damaged: restore it from a backup"},
    {"22", Errc::invalid_argument, "the database cannot hold this value"},
    {"26000", Errc::internal, "a prepared statement is gone: a PgBouncer before 1.21 in between needs prepare=false"},
    {"42P05", Errc::internal, "a prepared statement is there twice: a PgBouncer before 1.21 needs prepare=false"},
};

}  // namespace

Error map_error(std::string_view sqlstate, std::string_view message) {
  std::string detail = "postgres " + std::string(sqlstate) + ": " + std::string(message);
  for (const Row& row : kRows) {
    if (sqlstate.starts_with(row.prefix)) return {row.code, std::string(row.message), std::move(detail)};
  }
  return {Errc::internal, "unexpected error of the database", std::move(detail)};
}

}  // namespace liveops::adapters::postgres
