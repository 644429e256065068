#include "adapters/postgres/rows.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <optional>
#include <stdexcept>
#include <vector>

namespace liveops::adapters::postgres {
namespace {

/// One row of these values.
Rows row_of(std::vector<std::optional<std::string>> values) {
  PGresult* result = PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK);
  std::string name = "c";
  std::vector<PGresAttDesc> columns(values.size());
  for (auto& column : columns) column.name = name.data();
  PQsetResultAttrs(result, static_cast<int>(columns.size()), columns.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& value = values[i];
    PQsetvalue(result, 0, static_cast<int>(i), value ? value->data() : nullptr,
               value ? static_cast<int>(value->size()) : -1);
  }
  return Rows(result);
}

TEST(Rows, ValuesAreReadAsWhatTheyAre) {
  const auto rows = row_of({"-9007199254740992", "2.5", "t", "text", "\\x00ff", std::nullopt});
  EXPECT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows.empty());
  EXPECT_EQ(rows.int64(0, 0), -9007199254740992);
  EXPECT_EQ(rows.real(0, 1), 2.5);
  EXPECT_TRUE(rows.boolean(0, 2));
  EXPECT_EQ(rows.text(0, 3), "text");
  EXPECT_EQ(rows.bytes(0, 4), std::string("\x00\xff", 2));
  EXPECT_TRUE(rows.is_null(0, 5));
  EXPECT_EQ(rows.optional_int64(0, 5), std::nullopt);
}

TEST(Rows, ReadingWhatIsNotThereOrNotOfThatTypeIsABug) {
  const auto rows = row_of({"text", std::nullopt});
  EXPECT_THROW(static_cast<void>(rows.int64(0, 0)), std::logic_error);
  EXPECT_THROW(static_cast<void>(rows.boolean(0, 0)), std::logic_error);
  EXPECT_THROW(static_cast<void>(rows.bytes(0, 0)), std::logic_error);
  EXPECT_THROW(static_cast<void>(rows.text(0, 1)), std::logic_error);
  EXPECT_THROW(static_cast<void>(rows.text(0, 2)), std::logic_error);
  EXPECT_THROW(static_cast<void>(rows.text(1, 0)), std::logic_error);
}

}  // namespace
}  // namespace liveops::adapters::postgres
