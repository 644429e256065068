#include "adapters/redis/client/reply_error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace liveops::adapters::redis {
namespace {

using core::Errc;

class RedisReplyError : public testing::TestWithParam<std::pair<const char*, Errc>> {};

TEST_P(RedisReplyError, HasItsCodeAndKeepsTheTextForTheLog) {
  const auto& [text, code] = GetParam();
  const auto error = to_error(text);
  EXPECT_EQ(error.code, code);
  EXPECT_EQ(error.detail, text);
  EXPECT_FALSE(error.message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, RedisReplyError,
    testing::Values(std::pair("LOADING Redis is loading the dataset in memory", Errc::unavailable),
                    std::pair("READONLY You can't write against a read only replica.", Errc::unavailable),
                    std::pair("OOM command not allowed when used memory > 'maxmemory'.", Errc::unavailable),
                    std::pair("MASTERDOWN Link with MASTER is down", Errc::unavailable),
                    std::pair("BUSY Redis is busy running a script.", Errc::unavailable),
                    std::pair("CLUSTERDOWN The cluster is down", Errc::unavailable),
                    std::pair("TRYAGAIN Multiple keys request during rehashing of slot", Errc::unavailable),
                    std::pair("MISCONF Redis is configured to save RDB snapshots", Errc::unavailable),
                    std::pair("NOREPLICAS Not enough good replicas to write.", Errc::unavailable),
                    std::pair("BUSYGROUP Consumer Group name already exists", Errc::conflict),
                    std::pair("NOGROUP No such key 'ev' or consumer group 'g'", Errc::conflict),
                    std::pair("WRONGTYPE Operation against a key holding the wrong kind of value", Errc::conflict),
                    std::pair("NOSCRIPT No matching script. Please use EVAL.", Errc::not_found),
                    std::pair("NOAUTH Authentication required.", Errc::internal),
                    std::pair("WRONGPASS invalid username-password pair or user is disabled.", Errc::internal),
                    std::pair("NOPERM this user has no permissions to run the 'set' command", Errc::internal),
                    std::pair("MOVED 3999 127.0.0.1:6381", Errc::internal),
                    std::pair("ERR unknown command", Errc::internal), std::pair("OOMPH", Errc::internal),
                    std::pair("", Errc::internal)),
    [](const auto& row) {
      const std::string_view text = row.param.first;
      return "row" + std::to_string(row.index) + std::string(text.substr(0, text.find(' ')));
    });

}  // namespace
}  // namespace liveops::adapters::redis
