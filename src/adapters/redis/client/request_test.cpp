#include "adapters/redis/client/request.hpp"

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <memory>

namespace liveops::adapters::redis {
namespace {

using namespace std::literals;

/// What hiredis makes of these bytes of a server.
core::Result<Reply> read(std::string_view bytes) {
  const std::unique_ptr<redisReader, void (*)(redisReader*)> reader(redisReaderCreate(), redisReaderFree);
  redisReaderFeed(reader.get(), bytes.data(), bytes.size());
  void* reply = nullptr;
  EXPECT_EQ(redisReaderGetReply(reader.get(), &reply), REDIS_OK);
  EXPECT_NE(reply, nullptr);
  auto out = to_reply(*static_cast<redisReply*>(reply));
  freeReplyObject(reply);
  return out;
}

TEST(RedisRequest, WritesCommandsAsTheProtocolHasThem) {
  const std::vector<Command> commands{{"SET", "k", "a\0\r\nb"s}, {"GET", ""}};
  const Request request(commands);
  ASSERT_EQ(request.size(), 2U);
  EXPECT_EQ(request.command(0), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\0\r\nb\r\n"sv);
  EXPECT_EQ(request.command(1), "*2\r\n$3\r\nGET\r\n$0\r\n\r\n");
  EXPECT_GE(request.queued_bytes(), request.command(0).size() + request.command(1).size());
}

TEST(RedisRequest, IsOverWithTheReplyToTheLastCommand) {
  const std::vector<Command> commands{{"PING"}, {"PING"}};
  Request request(commands);
  EXPECT_FALSE(request.take(Reply{.kind = Reply::Kind::integer, .integer = 1}));
  EXPECT_TRUE(request.take(core::fail(core::Errc::internal, "no")));
  const auto replies = request.take_replies();
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[0]->integer, 1);
  EXPECT_FALSE(replies[1]);
}

TEST(RedisReply, HasTheKindAndTheBytesThatWereSent) {
  EXPECT_TRUE(read("$-1\r\n")->is_nil());
  EXPECT_TRUE(read("*-1\r\n")->is_nil());
  EXPECT_EQ(read(":-42\r\n")->integer, -42);
  EXPECT_EQ(read("+OK\r\n")->kind, Reply::Kind::status);
  EXPECT_EQ(read("+OK\r\n")->text, "OK");
  EXPECT_EQ(read("$4\r\na\0\r\n\r\n"sv)->text, "a\0\r\n"sv);
  EXPECT_EQ(read("$0\r\n\r\n")->kind, Reply::Kind::string);
}

TEST(RedisReply, ArraysNest) {
  const auto reply = read("*3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n*0\r\n");
  ASSERT_EQ(reply->kind, Reply::Kind::array);
  ASSERT_EQ(reply->elements.size(), 3U);
  EXPECT_EQ(reply->elements[0].integer, 1);
  EXPECT_EQ(reply->elements[1].elements[0].text, "a");
  EXPECT_TRUE(reply->elements[1].elements[1].is_nil());
  EXPECT_TRUE(reply->elements[2].elements.empty());
}

TEST(RedisReply, AnErrorIsOneAlsoWithinAnArray) {
  EXPECT_EQ(read("-WRONGTYPE no\r\n").error().code, core::Errc::conflict);
  EXPECT_EQ(read("*2\r\n:1\r\n-OOM no\r\n").error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace liveops::adapters::redis
