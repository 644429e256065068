#include "adapters/postgres/rows.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <stdexcept>

namespace liveops::adapters::postgres {

namespace {

[[noreturn]] void disagree(std::size_t row, std::size_t column, const char* what) {
  throw std::logic_error("row " + std::to_string(row) + ", column " + std::to_string(column) + " of a result " + what);
}

template <class Number>
Number parse(std::string_view text, std::size_t row, std::size_t column) {
  Number value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) disagree(row, column, "is not such a number");
  return value;
}

}  // namespace

void Rows::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

std::size_t Rows::size() const {
  return static_cast<std::size_t>(PQntuples(result_.get()));
}

std::size_t Rows::affected() const {
  const std::string_view text = PQcmdTuples(result_.get());
  return text.empty() ? 0 : parse<std::size_t>(text, 0, 0);
}

bool Rows::is_null(std::size_t row, std::size_t column) const {
  if (row >= size() || column >= static_cast<std::size_t>(PQnfields(result_.get()))) {
    disagree(row, column, "does not exist");
  }
  return PQgetisnull(result_.get(), static_cast<int>(row), static_cast<int>(column)) == 1;
}

std::string_view Rows::text(std::size_t row, std::size_t column) const {
  if (is_null(row, column)) disagree(row, column, "is NULL");
  const auto r = static_cast<int>(row);
  const auto c = static_cast<int>(column);
  return {PQgetvalue(result_.get(), r, c), static_cast<std::size_t>(PQgetlength(result_.get(), r, c))};
}

std::int64_t Rows::int64(std::size_t row, std::size_t column) const {
  return parse<std::int64_t>(text(row, column), row, column);
}

std::optional<std::int64_t> Rows::optional_int64(std::size_t row, std::size_t column) const {
  if (is_null(row, column)) return std::nullopt;
  return int64(row, column);
}

double Rows::real(std::size_t row, std::size_t column) const {
  return parse<double>(text(row, column), row, column);
}

bool Rows::boolean(std::size_t row, std::size_t column) const {
  const std::string_view value = text(row, column);
  if (value != "t" && value != "f") disagree(row, column, "is not a boolean");
  return value == "t";
}

std::string Rows::bytes(std::size_t row, std::size_t column) const {
  const std::string_view hex = text(row, column);
  if (!hex.starts_with("\\x") || hex.size() % 2 != 0) disagree(row, column, "is not bytea in its hex form");
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t at = 2; at < hex.size(); at += 2) {
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(hex.data() + at, hex.data() + at + 2, value, 16);
    if (failure != std::errc() || end != hex.data() + at + 2) disagree(row, column, "is not bytea in its hex form");
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace liveops::adapters::postgres
