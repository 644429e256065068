#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/redis/client/reply.hpp"
#include "core/error.hpp"

struct redisReply;  // NOLINT(readability-identifier-naming): hiredis's

namespace liveops::adapters::redis {

/// The commands of one call as bytes (RESP), and what becomes of them.
///
/// Threads: one at a time.
class Request {
 public:
  using Outcome = core::Result<std::vector<core::Result<Reply>>>;
  using Clock = std::chrono::steady_clock;

  /// Requires: at least one command, none of them empty. `wait`: for how long they may block the server's answer.
  explicit Request(std::span<const Command> commands, std::chrono::milliseconds wait = {});

  /// What one command is as bytes. Requires: not `sent` yet.
  [[nodiscard]] std::string_view command(std::size_t index) const;
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  /// What it takes of the queue: its bytes, and something for each command's reply to come.
  [[nodiscard]] std::size_t queued_bytes() const { return queued_bytes_; }
  /// Lets go of the bytes.
  void sent() { bytes_ = {}; }
  [[nodiscard]] std::chrono::milliseconds wait() const { return wait_; }
  [[nodiscard]] Clock::time_point made_at() const { return made_at_; }

  /// Takes the next reply; true: it was the last one.
  [[nodiscard]] bool take(core::Result<Reply> reply);
  /// The replies taken.
  [[nodiscard]] std::vector<core::Result<Reply>> take_replies() { return std::move(replies_); }

  Clock::time_point deadline = Clock::time_point::max();
  std::move_only_function<void(Outcome)> done;  // called once

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::size_t queued_bytes_;
  std::vector<core::Result<Reply>> replies_;
  std::chrono::milliseconds wait_;
  Clock::time_point made_at_;
};

/// The reply as a value. Errors: those of an error reply, also one within an array; `corrupt` (no RESP2 type).
[[nodiscard]] core::Result<Reply> to_reply(const redisReply& reply);

}  // namespace liveops::adapters::redis
