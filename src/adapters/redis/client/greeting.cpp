#include "adapters/redis/client/greeting.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::redis {

namespace {

/// CLIENT SETNAME takes neither spaces nor what cannot be printed.
std::string printable(std::string_view name) {
  std::string out(name);
  std::ranges::replace_if(out, [](char c) { return c <= ' ' || c > '~'; }, '-');
  return out;
}

/// The server's own text stays out: it may quote what was sent.
std::string why_not_authenticated(const core::Error& error) {
  if (error.detail.contains("without any password configured")) {
    return "the URL has a password, but Redis wants none: remove it, or set one there";
  }
  return "Redis refused the user or the password of its URL";
}

}  // namespace

Greeting::Greeting(const Address& address, std::string_view client_name) : database_(address.database) {
  if (!address.user.empty()) {
    add(Step::authenticate, {"AUTH", address.user, address.password});
  } else if (!address.password.empty()) {
    add(Step::authenticate, {"AUTH", address.password});
  }
  if (!client_name.empty()) add(Step::name, {"CLIENT", "SETNAME", printable(client_name)});
  if (database_ != 0) add(Step::select, {"SELECT", std::to_string(database_)});
  add(Step::ping, {"PING"});
}

void Greeting::add(Step step, Command command) {
  steps_.push_back(step);
  commands_.push_back(std::move(command));
}

std::optional<std::string> Greeting::take(const core::Result<Reply>& reply) {
  const Step step = steps_[taken_++];
  if (reply) return std::nullopt;
  const core::Error& error = reply.error();
  if (error.detail.starts_with("NOAUTH")) return "Redis wants a password, and its URL has none";
  switch (step) {
    case Step::authenticate:
      return why_not_authenticated(error);
    case Step::name:
      return std::nullopt;  // a name is a convenience, which an ACL may forbid
    case Step::select:
      return "Redis refused database " + std::to_string(database_) + ": " + error.detail;
    case Step::ping:
      if (error.detail.starts_with("NOPERM")) return std::nullopt;
      return error.message + " (" + error.detail + ")";
  }
  std::unreachable();
}

}  // namespace liveops::adapters::redis
