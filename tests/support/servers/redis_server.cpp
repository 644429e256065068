#include "tests/support/servers/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <stdexcept>
#include <utility>

namespace liveops::test {

namespace {

constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};
constexpr int kPorts = 3;  // tried, as somebody else may take a free one first

struct Free {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Connection = std::unique_ptr<redisContext, Free>;
using Answer = std::unique_ptr<redisReply, Free>;

Answer ask(redisContext& connection, const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto* const reply = redisCommandArgv(&connection, static_cast<int>(words.size()), texts.data(), sizes.data());
  return Answer(static_cast<redisReply*>(reply));
}

std::string text_of(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER) return std::to_string(reply.integer);
  if (reply.type != REDIS_REPLY_ARRAY) return reply.str == nullptr ? "" : std::string(reply.str, reply.len);
  std::string lines;
  for (std::size_t n = 0; n < reply.elements; ++n) lines += text_of(*reply.element[n]) + "\n";
  return lines;
}

}  // namespace

RedisServer::RedisServer(Options options) : options_(std::move(options)), port_(free_port()) {
  for (int left = kPorts - 1;; --left) {
    try {
      start();
      return;
    } catch (const std::runtime_error&) {
      if (left == 0) throw;
      port_ = free_port();
    }
  }
}

std::string RedisServer::url(int database) const {
  return "redis://127.0.0.1:" + std::to_string(port_) + "/" + std::to_string(database);
}

void RedisServer::start() {
  const auto log = directory_.path() / "redis.log";
  // clang-format off
  Program program{.command = {"redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1",
                              "--unixsocket", socket_path(), "--dir", directory_.path().string(), "--save", "",
                              "--appendonly", options_.append_only ? "yes" : "no", "--appendfsync", "always"},
                  .log = log,
                  .package = "redis-server"};
  // clang-format on
  program.command.insert(program.command.end(), options_.arguments.begin(), options_.arguments.end());
  process_ = std::make_unique<ChildProcess>(program);
  const bool up = wait_until([this] { return !process_->running() || answers(); }) && process_->running();
  if (!up) {
    process_.reset();
    throw std::runtime_error("redis-server did not start: is the package 'redis-server' installed?\n" + tail(log));
  }
}

bool RedisServer::answers() {
  try {
    return command({"PING"}) == "PONG";
  } catch (const std::runtime_error&) {
    return false;  // not yet: it does not listen, or it still loads its data
  }
}

void RedisServer::kill() {
  process_->stop(SIGKILL);
}

void RedisServer::restart() {
  kill();
  start();
}

void RedisServer::pause() {
  process_->freeze();
}

void RedisServer::resume() {
  process_->signal(SIGCONT);
}

void RedisServer::flush_all() {
  command({"FLUSHALL"});
}

std::string RedisServer::command(const std::vector<std::string>& words) {
  const Connection connection(redisConnectWithTimeout("127.0.0.1", port_, kPatience));
  if (connection == nullptr || connection->err != 0) throw std::runtime_error("redis-server: no connection");
  redisSetTimeout(connection.get(), kPatience);
  if (!options_.password.empty()) static_cast<void>(ask(*connection, {"AUTH", options_.password}));
  const Answer reply = ask(*connection, words);
  if (reply == nullptr) throw std::runtime_error("redis-server did not answer " + words.front());
  if (reply->type == REDIS_REPLY_ERROR) throw std::runtime_error(words.front() + ": " + text_of(*reply));
  return text_of(*reply);
}

}  // namespace liveops::test
