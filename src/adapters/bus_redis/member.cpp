#include "adapters/bus_redis/member.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::bus_redis {

namespace asio = boost::asio;
using core::Status;
using ports::Delivery;
using ports::Task;
using std::chrono::ceil;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::hours kUntilNotified{1};
constexpr milliseconds kRoomAgain{1000};  // looks whether something in flight ran out

}  // namespace

asio::awaitable<void> Releases::settled() {
  while (true) {
    const auto seen = ended_.version();
    if (under_way_.load() == 0) co_return;
    co_await ended_.wait(seen, kUntilNotified);
  }
}

Task<std::vector<Delivery>> Member::receive(std::size_t max, milliseconds wait) {
  const auto deadline = steady_clock::now() + wait;
  co_await bus_.releases.settled();
  std::vector<Delivery> out;
  core::Error failure;
  bool fetched = false;
  while (true) {
    const auto seen = signal_.version();
    const State state = look(max, out, failure);
    if (state == State::failed) co_return as_unavailable(std::move(failure));
    if (state == State::closed || state == State::ready) co_return out;
    if (state == State::reading) {
      co_await signal_.wait(seen, kUntilNotified);
      fetched = false;
      continue;
    }
    const std::size_t count = room(max);
    if (!fetched && count > 0) {
      if (auto done = co_await fetch(count); !done) co_return as_unavailable(std::move(done.error()));
      fetched = true;
      continue;
    }
    const auto left = deadline - steady_clock::now();
    if (left <= steady_clock::duration::zero()) co_return out;
    if (count > 0) {
      start_reading(count, ceil<milliseconds>(left));
    } else {
      co_await signal_.wait(seen, std::min<steady_clock::duration>(left, kRoomAgain));
    }
  }
}

Member::State Member::look(std::size_t max, std::vector<Delivery>& out, core::Error& failure) {
  const auto now = bus_.clock.now();
  const std::lock_guard lock(mutex_);
  if (closed_) return State::closed;
  while (!ready_.empty() && out.size() < max) {
    const auto handout = parse_tag(ready_.front().tag);
    if (handout && held_.holds(*handout, now)) out.push_back(std::move(ready_.front()));
    ready_.pop_front();  // what ran out meanwhile is another's
  }
  if (!out.empty()) return State::ready;
  if (reading_) return State::reading;
  if (!failure_) return State::idle;
  failure = *std::exchange(failure_, std::nullopt);
  return State::failed;
}

std::size_t Member::room(std::size_t max) {
  const std::lock_guard lock(mutex_);
  held_.expire(bus_.clock.now());
  const std::size_t held = std::min(held_.size(), bus_.options.max_in_flight);
  const std::size_t wanted = std::min(max, bus_.options.max_in_flight - held);
  return wanted == 0 ? 0 : read_size_.at_most(wanted);
}

bool Member::has_ready() {
  const std::lock_guard lock(mutex_);
  return !ready_.empty();
}

Task<void> Member::ack(std::vector<std::string> tags) {
  std::vector<Handout> handouts;
  handouts.reserve(tags.size());
  for (const auto& tag : tags) {
    if (const auto handout = parse_tag(tag)) handouts.push_back(*handout);
  }
  // Also what ran out: it is done, whoever has it now.
  if (auto acked = co_await bus_.streams.ack(who_.topic, who_.group, handouts); !acked) {
    co_return as_unavailable(std::move(acked.error()));
  }
  bool was_full = false;
  {
    const std::lock_guard lock(mutex_);
    was_full = held_.size() >= bus_.options.max_in_flight;
    for (const auto& handout : handouts) held_.remove(handout);
  }
  if (was_full) signal_.notify();
  co_return Status();
}

Task<void> Member::nack(std::vector<std::string> tags, milliseconds delay) {
  std::vector<Handout> handouts;
  {
    const std::lock_guard lock(mutex_);
    handouts = held_.current(tags, bus_.clock.now());
  }
  const auto visibility = bus_.options.visibility;
  const auto later = std::clamp(delay, milliseconds(0), visibility);
  if (auto done = co_await bus_.streams.set_idle(who_, handouts, visibility - later); !done) {
    co_return as_unavailable(std::move(done.error()));
  }
  const auto due = bus_.clock.now() + later;
  const std::lock_guard lock(mutex_);
  for (const auto& handout : handouts) held_.remove(handout);
  if (!handouts.empty()) next_takeover_ = std::min(next_takeover_, due);
  co_return Status();
}

Task<void> Member::extend(std::vector<std::string> tags) {
  const auto now = bus_.clock.now();
  std::vector<Handout> handouts;
  {
    const std::lock_guard lock(mutex_);
    handouts = held_.current(tags, now);
  }
  if (auto done = co_await bus_.streams.set_idle(who_, handouts, milliseconds(0)); !done) {
    co_return as_unavailable(std::move(done.error()));
  }
  const std::lock_guard lock(mutex_);
  for (const auto& handout : handouts) {
    if (held_.holds(handout, now)) held_.add(handout, now + bus_.options.visibility);
  }
  co_return Status();
}

Task<void> Member::dead_letter(Delivery delivery, std::string reason) {
  const auto handout = parse_tag(delivery.tag);
  {
    const std::lock_guard lock(mutex_);
    if (!handout || !held_.holds(*handout, bus_.clock.now())) co_return Status();  // another has it
  }
  ports::DeadLetter letter{.id = {},
                           .topic = who_.topic,
                           .group = who_.group,
                           .reason = std::move(reason),
                           .attempts = delivery.attempt,
                           .dead_at = {},
                           .envelope = std::move(delivery.envelope)};
  if (auto added = co_await bus_.dead.add(std::move(letter)); !added) co_return added;
  co_return co_await ack({std::move(delivery.tag)});
}

Task<ports::Backlog> Member::backlog() {
  auto backlog = co_await bus_.streams.backlog(who_.topic, who_.group, bus_.clock.now());
  if (!backlog) co_return as_unavailable(std::move(backlog.error()));
  co_return *backlog;
}

void Member::close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(closed_, true)) return;
    ready_.clear();
    held_.clear();
  }
  give_back();
  signal_.notify();
}

void Member::give_back() {
  bus_.releases.begin();
  bus_.background.spawn(release(shared_from_this()));
}

asio::awaitable<void> Member::release(std::shared_ptr<Member> self) {
  auto done = co_await bus_.streams.set_all_idle(who_, bus_.options.visibility);
  if (done) done = co_await bus_.streams.forget_members(who_.topic, who_.group, milliseconds(0), who_.member);
  if (!done) {
    bus_.log.debug("cannot release messages: they come again when their visibility ends",
                   {{"group", self->who_.group}, {"error", done.error().message}});
  }
  bus_.releases.end();
}

}  // namespace liveops::adapters::bus_redis
