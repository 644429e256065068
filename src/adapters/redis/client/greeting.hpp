#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/redis/client/address.hpp"
#include "adapters/redis/client/reply.hpp"
#include "core/error.hpp"

namespace liveops::adapters::redis {

/// What a new connection says first, in one go: AUTH, CLIENT SETNAME, SELECT, PING, each where it is needed.
class Greeting {
 public:
  Greeting(const Address& address, std::string_view client_name);

  [[nodiscard]] const std::vector<Command>& commands() const { return commands_; }

  /// Takes the reply to the next command; gives why the connection is of no use, if so. Never holds the password.
  [[nodiscard]] std::optional<std::string> take(const core::Result<Reply>& reply);

  /// Every reply was taken.
  [[nodiscard]] bool finished() const { return taken_ == commands_.size(); }

 private:
  enum class Step : std::uint8_t { authenticate, name, select, ping };
  void add(Step step, Command command);

  std::vector<Command> commands_;
  std::vector<Step> steps_;
  int database_;
  std::size_t taken_ = 0;
};

}  // namespace liveops::adapters::redis
