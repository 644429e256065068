#include "adapters/bus_servicebus/lock_book.hpp"

namespace liveops::adapters::bus_servicebus {

void LockBook::add(const LockToken& token, Instant now, Duration locked_for) {
  held_.insert_or_assign(
      token, Held{.lock = locked_for, .locked_until = now + locked_for, .until = now + visibility_, .ask_before = now});
}

void LockBook::extend(const LockToken& token, Instant now) {
  if (const auto held = held_.find(token); held != held_.end()) held->second.until = now + visibility_;
}

void LockBook::give_back_at(const LockToken& token, Instant when) {
  if (const auto held = held_.find(token); held != held_.end()) held->second.until = when;
}

void LockBook::renewed(const LockToken& token, Instant now) {
  const auto held = held_.find(token);
  if (held == held_.end()) return;
  held->second.locked_until = now + held->second.lock;
  held->second.ask_before = now;
}

std::vector<LockToken> LockBook::all() const {
  std::vector<LockToken> tokens;
  tokens.reserve(held_.size());
  for (const auto& [token, held] : held_) tokens.push_back(token);
  return tokens;
}

std::vector<LockToken> LockBook::to_give_back(Instant now) const {
  std::vector<LockToken> tokens;
  for (const auto& [token, held] : held_) {
    if (held.until <= now) tokens.push_back(token);
  }
  return tokens;
}

std::vector<LockToken> LockBook::to_renew(Instant now) {
  std::vector<LockToken> tokens;
  for (auto& [token, held] : held_) {
    const auto third = held.lock / 3;
    if (held.until <= held.locked_until || held.locked_until - now > third || now < held.ask_before) continue;
    held.ask_before = now + third;
    tokens.push_back(token);
  }
  return tokens;
}

}  // namespace liveops::adapters::bus_servicebus
