#include <gtest/gtest.h>

#include "adapters/postgres/pool.hpp"

namespace liveops::adapters::postgres {
namespace {

using core::Errc;

struct Case {
  const char* sqlstate;
  Errc code;
};

class SqlState : public ::testing::TestWithParam<Case> {};

TEST_P(SqlState, SaysWhatTheCallerDoesNext) {
  const auto error = map_error(GetParam().sqlstate, "words of the server");
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_FALSE(error.message.empty());
  EXPECT_EQ(error.message.find("words"), std::string::npos);
  EXPECT_EQ(error.detail, "postgres " + std::string(GetParam().sqlstate) + ": words of the server");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SqlState,
    ::testing::Values(Case{"08006", Errc::unavailable}, Case{"22021", Errc::invalid_argument},
                      Case{"23505", Errc::conflict}, Case{"25006", Errc::unavailable}, Case{"25P03", Errc::unavailable},
                      Case{"26000", Errc::internal}, Case{"28P01", Errc::unavailable}, Case{"3D000", Errc::unavailable},
                      Case{"40001", Errc::unavailable}, Case{"40P01", Errc::unavailable}, Case{"42601", Errc::internal},
                      Case{"42P05", Errc::internal}, Case{"53100", Errc::unavailable}, Case{"53300", Errc::unavailable},
                      Case{"55P03", Errc::unavailable}, Case{"57014", Errc::timeout}, Case{"57P01", Errc::unavailable},
                      Case{"57P03", Errc::unavailable}, Case{"XX000", Errc::internal}, Case{"XX001", Errc::corrupt},
                      Case{"XX002", Errc::corrupt}),
    [](const auto& instance) { return std::string(instance.param.sqlstate); });

}  // namespace
}  // namespace liveops::adapters::postgres
