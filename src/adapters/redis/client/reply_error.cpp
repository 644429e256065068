#include "adapters/redis/client/reply_error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace liveops::adapters::redis {

namespace {

using core::Errc;

struct Row {
  std::string_view word;  // the first of the reply
  Errc code;
  std::string_view message;
};

constexpr std::array kRows{
    Row{"LOADING", Errc::unavailable, "Redis is still loading its data: try again"},
    Row{"READONLY", Errc::unavailable, "this Redis is a replica and takes no writes: try again"},
    Row{"OOM", Errc::unavailable, "Redis is out of memory (maxmemory): try again"},
    Row{"MASTERDOWN", Errc::unavailable, "Redis has lost its master: try again"},
    Row{"BUSY", Errc::unavailable, "Redis is busy with a script: try again"},
    Row{"CLUSTERDOWN", Errc::unavailable, "the Redis cluster is down: try again"},
    Row{"TRYAGAIN", Errc::unavailable, "the Redis cluster is moving keys: try again"},
    Row{"MISCONF", Errc::unavailable, "Redis cannot write to its disk: try again"},
    Row{"NOREPLICAS", Errc::unavailable, "Redis has too few replicas to take writes: try again"},
    Row{"BUSYGROUP", Errc::conflict, "the consumer group exists"},
    Row{"NOGROUP", Errc::conflict, "there is no such consumer group"},
    Row{"WRONGTYPE", Errc::conflict, "the key in Redis holds another kind of value"},
    Row{"NOSCRIPT", Errc::not_found, "Redis does not know the script"},
    Row{"NOAUTH", Errc::internal, "Redis wants a password: put it into REDIS_URL"},
    Row{"WRONGPASS", Errc::internal, "Redis refused the user or the password of REDIS_URL"},
    Row{"NOPERM", Errc::internal, "the user of REDIS_URL may not do this in Redis: extend its ACL"},
    Row{"MOVED", Errc::internal, "this Redis is a node of a cluster: connect through a proxy, or to a server alone"},
};

}  // namespace

core::Error to_error(std::string_view reply_text) {
  const auto word = reply_text.substr(0, reply_text.find(' '));
  const auto* const row = std::ranges::find(kRows, word, &Row::word);
  if (row == kRows.end()) return {Errc::internal, "Redis refused a command", std::string(reply_text)};
  return {row->code, std::string(row->message), std::string(reply_text)};
}

}  // namespace liveops::adapters::redis
