#include "adapters/bus_local/consumer.hpp"

#include <algorithm>
#include <utility>

namespace liveops::adapters::bus_local {

using core::Errc;
using core::Status;
using ports::Delivery;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kMaxReceiveBytes = 8U << 20U;
constexpr std::size_t kReadAheadBytes = 1U << 20U;

}  // namespace

Consumer::Consumer(Bus bus, TopicLog& topic, Group& group) : bus_(bus), topic_(topic), group_(group) {
  const std::lock_guard lock(group_.mutex);
  holder_ = ++group_.holders;
}

Consumer::~Consumer() {
  close();
}

ports::Task<std::vector<Delivery>> Consumer::receive(std::size_t max, std::chrono::milliseconds wait) {
  const auto deadline = steady_clock::now() + wait;
  while (true) {
    const auto seen = group_.signal.version();
    std::chrono::microseconds at_most = std::chrono::hours(1);
    auto handouts = take(max, at_most);
    if (!handouts.empty()) co_return co_await load(std::move(handouts));
    const auto left = deadline - steady_clock::now();
    if (closed_.load() || left <= steady_clock::duration::zero()) co_return std::vector<Delivery>();
    co_await group_.signal.wait(seen, std::min<steady_clock::duration>(left, at_most));
  }
}

Consumer::Handouts Consumer::take(std::size_t max, std::chrono::microseconds& at_most) {
  const auto now = bus_.clock.now();
  const std::lock_guard lock(group_.mutex);
  if (closed_.load()) return {};  // closed under the same lock: nothing is handed out after the release
  auto handouts = group_.ledger.take(max, now, bus_.visibility, holder_);
  if (const auto due = group_.ledger.next_due(); handouts.empty() && due) {
    at_most = std::min(at_most, std::max(*due - now, std::chrono::microseconds(1000)));
  }
  return handouts;
}

ports::Task<std::vector<Delivery>> Consumer::load(Handouts handouts) {
  std::vector<Delivery> out;
  out.reserve(handouts.size());
  const std::uint64_t last = std::ranges::max(handouts, {}, &runtime::Handout::offset).offset;
  SharedSegment segment;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < handouts.size(); ++i) {
    const auto& handout = handouts[i];
    core::Result<core::Envelope> envelope = core::fail(Errc::unavailable, "");
    if (!segment || !segment->holds(handout.offset)) {
      auto found = co_await find(handout.offset, last);
      if (!found) envelope = std::unexpected(found.error());
      segment = found ? *std::move(found) : nullptr;
    }
    if (segment && bytes < kMaxReceiveBytes) envelope = segment->frames.read(handout.offset - segment->first);
    if (!envelope) {
      put_back(handouts, i);
      if (out.empty()) co_return std::unexpected(envelope.error());
      break;
    }
    bytes += envelope->body.size();
    out.push_back({*std::move(envelope), runtime::to_tag(handout), handout.attempt});
  }
  co_return out;
}

ports::Task<SharedSegment> Consumer::find(std::uint64_t offset, std::uint64_t last) {
  if (auto cached = topic_.cached(offset)) co_return cached;
  for (const auto& segment : read_ahead_) {
    if (segment->holds(offset)) co_return segment;
  }
  auto segments = co_await bus_.reader.read(topic_.topic(), offset, std::max(offset, last), kReadAheadBytes);
  if (!segments) co_return std::unexpected(segments.error());
  read_ahead_ = *std::move(segments);
  co_return read_ahead_.front();
}

void Consumer::put_back(const Handouts& handouts, std::size_t from) {
  const auto now = bus_.clock.now();
  const std::lock_guard lock(group_.mutex);
  for (std::size_t i = from; i < handouts.size(); ++i) group_.ledger.put_back(handouts[i], now);
}

ports::Task<void> Consumer::ack(std::vector<std::string> tags) {
  const std::lock_guard lock(group_.mutex);
  for (const auto& tag : tags) {
    if (const auto handout = runtime::parse_tag(tag)) group_.ledger.ack(*handout);
  }
  co_return Status();
}

ports::Task<void> Consumer::nack(std::vector<std::string> tags, std::chrono::milliseconds delay) {
  const auto due = bus_.clock.now() + delay;
  {
    const std::lock_guard lock(group_.mutex);
    for (const auto& tag : tags) {
      if (const auto handout = runtime::parse_tag(tag)) group_.ledger.nack(*handout, due);
    }
  }
  group_.signal.notify();
  co_return Status();
}

ports::Task<void> Consumer::extend(std::vector<std::string> tags) {
  const auto until = bus_.clock.now() + bus_.visibility;
  const std::lock_guard lock(group_.mutex);
  for (const auto& tag : tags) {
    if (const auto handout = runtime::parse_tag(tag)) group_.ledger.extend(*handout, until);
  }
  co_return Status();
}

ports::Task<void> Consumer::dead_letter(Delivery delivery, std::string reason) {
  const auto handout = runtime::parse_tag(delivery.tag);
  const auto now = bus_.clock.now();
  {
    // Restarting the visibility tells whether the delivery is still the current one: else another member has it.
    const std::lock_guard lock(group_.mutex);
    if (!handout || !group_.ledger.extend(*handout, now + bus_.visibility)) co_return Status();
  }
  if (!bus_.journal.has_room_for_dead_letters()) {
    co_return core::fail(Errc::unavailable,
                         "the bus is full of dead letters: redrive some or raise BUS_LOCAL_MAX_BYTES");
  }
  ports::DeadLetter letter{.id = {},
                           .topic = topic_.topic(),
                           .group = group_.name,
                           .reason = std::move(reason),
                           .attempts = delivery.attempt,
                           .dead_at = now,
                           .envelope = std::move(delivery.envelope)};
  auto added =
      co_await bus_.journal.run([letter = std::move(letter)](DeadLetterTable& dead) { return dead.add(letter); });
  if (added) {
    const std::lock_guard lock(group_.mutex);
    group_.ledger.ack(*handout);
  }
  co_return added;
}

ports::Task<ports::Backlog> Consumer::backlog() {
  ports::Backlog backlog;
  std::uint64_t oldest = 0;
  {
    const std::lock_guard lock(group_.mutex);
    backlog.messages = group_.ledger.backlog();
    oldest = group_.ledger.position();
  }
  if (backlog.messages == 0) co_return backlog;
  auto segment = topic_.cached(oldest);
  if (!segment) {
    auto segments = co_await bus_.reader.read(topic_.topic(), oldest, oldest, 1);
    if (!segments) co_return std::unexpected(segments.error());
    segment = segments->front();
  }
  const auto age = std::chrono::floor<std::chrono::milliseconds>(bus_.clock.now() - segment->appended_at);
  backlog.oldest_age = std::max(age, std::chrono::milliseconds(0));
  co_return backlog;
}

void Consumer::close() {
  {
    const std::lock_guard lock(group_.mutex);
    if (closed_.exchange(true)) return;
    group_.ledger.release(holder_, bus_.clock.now());
  }
  group_.signal.notify();
}

}  // namespace liveops::adapters::bus_local
