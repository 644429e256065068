#include "adapters/redis/client/request.hpp"

#include <hiredis/hiredis.h>

#include <charconv>
#include <utility>

#include "adapters/redis/client/reply_error.hpp"

namespace liveops::adapters::redis {

namespace {

constexpr std::size_t kLengthChars = 20;      // of "$", a number and the line's end, and some more
constexpr std::size_t kReplyAllowance = 128;  // bytes that a waiting command takes here besides its own

void append_length(std::string& to, char kind, std::size_t length) {
  char digits[kLengthChars];
  const auto end = std::to_chars(digits, digits + kLengthChars, length).ptr;
  to += kind;
  to.append(digits, end);
  to += "\r\n";
}

void append_command(std::string& to, const Command& command) {
  append_length(to, '*', command.size());
  for (const std::string& argument : command) {
    append_length(to, '$', argument.size());
    to += argument;
    to += "\r\n";
  }
}

std::size_t upper_bound_of(std::span<const Command> commands) {
  std::size_t bytes = 0;
  for (const Command& command : commands) {
    bytes += kLengthChars;
    for (const std::string& argument : command) bytes += argument.size() + kLengthChars;
  }
  return bytes;
}

}  // namespace

Request::Request(std::span<const Command> commands, std::chrono::milliseconds wait)
    : wait_(wait), made_at_(Clock::now()) {
  bytes_.reserve(upper_bound_of(commands));
  ends_.reserve(commands.size());
  replies_.reserve(commands.size());
  for (const Command& command : commands) {
    append_command(bytes_, command);
    ends_.push_back(bytes_.size());
  }
  queued_bytes_ = bytes_.size() + commands.size() * kReplyAllowance;
}

std::string_view Request::command(std::size_t index) const {
  const std::size_t start = index == 0 ? 0 : ends_[index - 1];
  return std::string_view(bytes_).substr(start, ends_[index] - start);
}

bool Request::take(core::Result<Reply> reply) {
  replies_.push_back(std::move(reply));
  return replies_.size() == size();
}

core::Result<Reply> to_reply(const redisReply& reply) {
  Reply out;
  switch (reply.type) {
    case REDIS_REPLY_NIL:
      return out;
    case REDIS_REPLY_INTEGER:
      out.kind = Reply::Kind::integer;
      out.integer = reply.integer;
      return out;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.kind = reply.type == REDIS_REPLY_STRING ? Reply::Kind::string : Reply::Kind::status;
      out.text.assign(reply.str, reply.len);
      return out;
    case REDIS_REPLY_ERROR:
      return std::unexpected(to_error({reply.str, reply.len}));
    case REDIS_REPLY_ARRAY:
      out.kind = Reply::Kind::array;
      out.elements.reserve(reply.elements);
      for (std::size_t n = 0; n < reply.elements; ++n) {
        auto element = to_reply(*reply.element[n]);
        if (!element) return element;
        out.elements.push_back(std::move(*element));
      }
      return out;
    default:
      return core::fail(core::Errc::corrupt, "Redis sent a reply of an unknown type", std::to_string(reply.type));
  }
}

}  // namespace liveops::adapters::redis
