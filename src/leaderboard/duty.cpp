#include "leaderboard/duty.hpp"

namespace liveops::leaderboard {

namespace {

constexpr const char* kName = "leaderboard upkeep";

}  // namespace

ports::Task<bool> Duty::take() {
  if (is_fresh()) co_return true;
  // The clock first: the term begins later at the keeper of leases, so that it never ends there before it does here.
  const auto asked_at = clock_.now();
  const auto held = co_await (held_since_ ? leases_.renew(claim()) : leases_.acquire(claim()));
  const bool is_held = held && *held;
  held_since_ = is_held ? std::optional(asked_at) : std::nullopt;
  co_return held;
}

ports::Task<void> Duty::keep() {
  const auto held = co_await take();
  if (!held) co_return std::unexpected(held.error());
  if (!*held) co_return core::fail(core::Errc::unavailable, "another replica has taken over: it goes on");
  co_return core::Status();
}

ports::Task<void> Duty::resign() {
  if (!held_since_) co_return core::Status();
  held_since_.reset();
  co_return co_await leases_.release(kName, holder_);
}

bool Duty::is_fresh() const {
  if (!held_since_) return false;
  const auto age = clock_.now() - *held_since_;
  return age >= age.zero() && age < kTerm / 3;
}

ports::LeaseClaim Duty::claim() const {
  return {kName, holder_, kTerm};
}

}  // namespace liveops::leaderboard
